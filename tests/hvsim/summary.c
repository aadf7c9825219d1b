#include "hvsim/instance.h"
#include "hvsim/invoke.h"
#include "hvsim/store.h"

#include <stdlib.h>
#include <string.h>

/* GetSummaryInformation, and the class of what it returns. */

static const struct sim_property properties[] = {
    {"AllocatedGPU", SIM_STRING, NULL, 0},
    {"ApplicationHealth", SIM_NUMBER, NULL, 0},
    {"AsynchronousTasks", SIM_REF, NULL, SIM_ARRAY},
    {"AvailableMemoryBuffer", SIM_NUMBER, NULL, 0},
    {"CreationTime", SIM_TIME, NULL, 0},
    {"ElementName", SIM_STRING, NULL, 0},
    {"EnabledState", SIM_NUMBER, NULL, 0},
    {"GuestOperatingSystem", SIM_STRING, NULL, 0},
    {"HealthState", SIM_NUMBER, NULL, 0},
    {"Heartbeat", SIM_NUMBER, NULL, 0},
    {"InstanceID", SIM_STRING, NULL, 0},
    {"MemoryAvailable", SIM_NUMBER, NULL, 0},
    {"MemoryUsage", SIM_NUMBER, NULL, 0},
    {"Name", SIM_STRING, "", 0},
    {"Notes", SIM_STRING, NULL, 0},
    {"NumberOfProcessors", SIM_NUMBER, NULL, 0},
    {"OperationalStatus", SIM_NUMBER, NULL, SIM_ARRAY},
    {"OtherEnabledState", SIM_STRING, NULL, 0},
    {"ProcessorLoad", SIM_NUMBER, NULL, 0},
    {"ReplicationMode", SIM_NUMBER, NULL, 0},
    {"ReplicationState", SIM_NUMBER, NULL, 0},
    {"Snapshots", SIM_REF, NULL, SIM_ARRAY},
    {"StatusDescriptions", SIM_STRING, NULL, SIM_ARRAY},
    {"UpTime", SIM_NUMBER, NULL, 0},
    {"Version", SIM_STRING, NULL, 0},
};

/* RequestedInformation; from 100 on for VMs only. */
static const struct {
    int code;
    const char *name;
} codes[] = {
    {0, "Name"},
    {1, "ElementName"},
    {2, "CreationTime"},
    {3, "Notes"},
    {4, "NumberOfProcessors"},
    {8, "AllocatedGPU"},
    {10, "Version"},
    {100, "EnabledState"},
    {101, "ProcessorLoad"},
    {103, "MemoryUsage"},
    {104, "Heartbeat"},
    {105, "UpTime"},
    {106, "GuestOperatingSystem"},
    {107, "Snapshots"},
    {108, "AsynchronousTasks"},
    {109, "HealthState"},
    {110, "OperationalStatus"},
    {111, "StatusDescriptions"},
    {112, "MemoryAvailable"},
    {113, "AvailableMemoryBuffer"},
    {114, "ReplicationMode"},
    {115, "ReplicationState"},
    {117, "ApplicationHealth"},
    {132, "OtherEnabledState"},
};

/* One entry has no key: it is found by its place in the answer. */
static void keys(struct sim_row *row, const struct sim_ref *ref)
{
    (void)row;
    (void)ref;
}

/* What the VM's own row shows. */
static void copy(struct sim_row *row, const struct sim_row *from, const char *name)
{
    const struct sim_value *value =
        &from->values[sim_property_find(&sim_computer_system, name)];
    size_t i;

    for (i = 0; i < value->count; i++) {
        const char *text = sim_row_keep(row, value->text[i], "");

        if (i)
            sim_row_more(row, name, text);
        else
            sim_row_text(row, name, text);
    }
}

static void fill_vm(struct sim_row *row, const struct sim_vm *vm)
{
    const struct sim_ref ref = {.class_ = &sim_computer_system};
    struct sim_ref system = ref;
    struct sim_row from;

    memcpy(system.id, vm->id, sizeof(system.id));
    sim_row_fill(&from, row->host, &system);
    copy(row, &from, "EnabledState");
    sim_row_number(row, "HealthState", 5);
    copy(row, &from, "OperationalStatus");
    copy(row, &from, "StatusDescriptions");
    sim_row_number(row, "UpTime",
                   vm->state == SIM_RUNNING ? row->host->now - vm->started : 0);
    sim_row_number(row, "ReplicationMode", 0);
    sim_row_number(row, "ReplicationState", 0);
}

static bool fill(struct sim_row *row, const struct sim_ref *ref)
{
    const struct sim_snapshot *snapshot = sim_snapshot_find(row->host, ref->id);
    const struct sim_vm *vm = sim_vm_find(row->host, ref->id);

    if (!vm && !snapshot)
        return false;
    sim_row_text(row, "Name", ref->id);
    sim_row_text(row, "ElementName", vm ? vm->name : snapshot->name);
    sim_row_ms(row, "CreationTime", vm ? vm->created : snapshot->created);
    sim_row_text(row, "Notes", vm ? vm->notes : snapshot->notes);
    sim_row_number(row, "NumberOfProcessors", 2);
    sim_row_text(row, "Version", vm ? vm->version : snapshot->vm->version);
    if (vm)
        fill_vm(row, vm);
    return true;
}

const struct sim_class sim_summary = {
    .name = "Msvm_SummaryInformation",
    .bases = " Msvm_SummaryInformationBase ",
    .properties = properties,
    .count = sizeof(properties) / sizeof(properties[0]),
    .keys = keys,
    .fill = fill,
};

/* A nested object, as the value of a property. */
static void add_nested(struct hvs_buf *out, struct sim_host *host, const char *name,
                       const struct sim_class *class_, const char *id)
{
    struct sim_ref ref = {.class_ = class_};
    struct sim_row row;

    memcpy(ref.id, id, sizeof(ref.id));
    if (!sim_row_fill(&row, host, &ref))
        return;
    hvs_buf_printf(out, "<p1:%s xmlns:p2=\"" SIM_URI "%s\" xsi:type=\"p2:%s_Type\">",
                   name, class_->name, class_->name);
    sim_properties_add(out, &row, "p2:", NULL);
    hvs_buf_printf(out, "</p1:%s>", name);
}

static void add_lists(struct hvs_buf *out, struct sim_host *host, const struct sim_vm *vm,
                      size_t at)
{
    size_t i;

    if (strcmp(properties[at].name, "AsynchronousTasks") == 0) {
        if (vm->busy)
            add_nested(out, host, properties[at].name, &sim_concrete_job, vm->busy->id);
        if (vm->merge)
            add_nested(out, host, properties[at].name, &sim_concrete_job, vm->merge->id);
        return;
    }
    for (i = 0; i < vm->snapshot_count; i++)
        add_nested(out, host, properties[at].name, &sim_settings, vm->snapshots[i]->id);
}

static void add_summary(struct sim_call *call, const char *id, const bool *wanted,
                        struct hvs_buf *out)
{
    struct sim_ref ref = {.class_ = &sim_summary};
    const struct sim_vm *vm = sim_vm_find(call->host, id);
    bool mask[SIM_MOST_PROPERTIES];
    struct sim_row row;
    size_t i;

    memcpy(ref.id, id, strlen(id) + 1);
    sim_row_fill(&row, call->host, &ref);
    hvs_buf_puts(out,
                 "<p:SummaryInformation xmlns:p1=\"" SIM_URI "Msvm_SummaryInformation\" "
                 "xsi:type=\"p1:Msvm_SummaryInformation_Type\">");
    for (i = 0; i < sim_summary.count; i++) {
        memset(mask, 0, sizeof(mask));
        mask[i] = true;
        if (!wanted[i])
            row.values[i].count = 0;
        if (properties[i].type != SIM_REF)
            sim_properties_add(out, &row, "p1:", mask);
        else if (wanted[i] && vm)
            add_lists(out, call->host, vm, i);
    }
    hvs_buf_puts(out, "</p:SummaryInformation>");
}

int sim_run_summary(struct sim_call *call, const struct sim_ref *self,
                    const struct sim_arg *args, struct sim_outcome *out)
{
    bool wanted[SIM_MOST_PROPERTIES] = {false};
    size_t i, n;

    (void)self;
    for (i = 0; i < args[1].count; i++)
        for (n = 0; n < sizeof(codes) / sizeof(codes[0]); n++)
            if (codes[n].code == strtol(args[1].texts[i], NULL, 10))
                wanted[sim_property_find(&sim_summary, codes[n].name)] = true;
    for (i = 0; args[0].given && i < args[0].count; i++)
        add_summary(call,
                    args[0].refs[i].class_ == &sim_settings ? args[0].refs[i].id : "",
                    wanted, &out->raw);
    for (i = 0; !args[0].given && i < call->host->vm_count; i++)
        add_summary(call, call->host->vms[i]->id, wanted, &out->raw);
    return SIM_DONE;
}
