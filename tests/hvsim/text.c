#include "hvsim/text.h"

#include "hvsim/times.h"

#include <string.h>

static const char *const texts[TX_COUNT][SIM_LANGUAGES] = {
    [TX_VM] = {"Virtual Machine", "Virtueller Computer", "仮想マシン"},
    [TX_HOST] = {"Hosting Computer System", "Hostcomputersystem",
                 "ホスト コンピューター システム"},
    [TX_HOST_LONG] = {"Microsoft Hosting Computer System", "Microsoft-Hostcomputersystem",
                      "Microsoft ホスト コンピューター システム"},
    [TX_OK] = {"Operating normally", "Normaler Betrieb", "正常稼働中"},
    [TX_IN_SERVICE] = {"In service", "In Wartung", "サービス中"},
    [TX_SETTINGS] = {"Virtual Machine Settings", "Einstellungen für virtuelle Computer",
                     "仮想マシンの設定"},
    [TX_SETTINGS_ACTIVE] = {"Active settings for the virtual machine",
                            "Aktive Einstellungen für den virtuellen Computer",
                            "仮想マシンのアクティブな設定"},
    [TX_SETTINGS_SNAPSHOT] = {"Snapshot settings for the virtual machine",
                              "Momentaufnahmeeinstellungen für den virtuellen Computer",
                              "仮想マシンのスナップショット設定"},
    [TX_AUTOMATIC] = {"Automatic Checkpoint", "Automatischer Prüfpunkt",
                      "自動チェックポイント"},
    [TX_JOB_CREATE] = {"Creating Checkpoint", "Prüfpunkt wird erstellt",
                       "チェックポイントの作成"},
    [TX_JOB_APPLY] = {"Applying Checkpoint", "Prüfpunkt wird angewendet",
                      "チェックポイントの適用"},
    [TX_JOB_DESTROY] = {"Deleting Checkpoint", "Prüfpunkt wird gelöscht",
                        "チェックポイントの削除"},
    [TX_JOB_CLEAR] = {"Clearing Checkpoint State", "Prüfpunktzustand wird gelöscht",
                      "チェックポイントの状態のクリア"},
    [TX_JOB_MERGE] = {"Merging Disks", "Datenträger werden zusammengeführt",
                      "ディスクの結合"},
    [TX_JOB_MODIFY] = {"Modifying Virtual Machine", "Virtueller Computer wird geändert",
                       "仮想マシンの変更"},
    [TX_JOB_START] = {"Starting Virtual Machine", "Virtueller Computer wird gestartet",
                      "仮想マシンの開始"},
    [TX_JOB_OFF] = {"Turning Off Virtual Machine",
                    "Virtueller Computer wird ausgeschaltet", "仮想マシンの停止"},
    [TX_JOB_SAVE] = {"Saving Virtual Machine", "Virtueller Computer wird gespeichert",
                     "仮想マシンの保存"},
    [TX_JOB_NEW] = {"Job is starting", "Auftrag wird gestartet",
                    "ジョブを開始しています"},
    [TX_JOB_RUNNING] = {"Job is running", "Auftrag wird ausgeführt",
                        "ジョブは実行中です"},
    [TX_JOB_DONE] = {"Job is completed", "Auftrag ist abgeschlossen",
                     "ジョブは完了しました"},
    [TX_JOB_DONE_WELL] = {"Job completed successfully",
                          "Auftrag wurde erfolgreich abgeschlossen",
                          "ジョブは正常に完了しました"},
    [TX_JOB_WARNINGS] = {"Job completed with warnings",
                         "Auftrag wurde mit Warnungen abgeschlossen",
                         "ジョブは警告付きで完了しました"},
    [TX_JOB_STOPPED] = {"Job was stopped", "Auftrag wurde abgebrochen",
                        "ジョブは中止されました"},
    [TX_JOB_FAILED] = {"Job failed", "Auftrag ist fehlgeschlagen",
                       "ジョブは失敗しました"},
    [TX_FAILED_CREATE] = {"Checkpoint operation for '{0}' failed.",
                          "Fehler beim Prüfpunktvorgang für \"{0}\".",
                          "'{0}' のチェックポイント操作に失敗しました。"},
    [TX_FAILED_OTHER] =
        {"The operation on '{0}' failed. (Virtual machine ID {1})",
         "Fehler beim Vorgang für \"{0}\". (ID des virtuellen Computers: {1})",
         "'{0}' の操作に失敗しました。(仮想マシン ID {1})"},
    [TX_WHY_DISABLED] = {"Checkpoints have been disabled for '{0}'.",
                         "Prüfpunkte wurden für \"{0}\" deaktiviert.",
                         "'{0}' のチェックポイントは無効になっています。"},
    [TX_WHY_DISABLED_ID] =
        {"Checkpoints have been disabled for '{0}'. (Virtual machine ID {1})",
         "Prüfpunkte wurden für \"{0}\" deaktiviert. (ID des virtuellen Computers: {1})",
         "'{0}' のチェックポイントは無効になっています。(仮想マシ"
         "ン ID {1})"},
    [TX_WHY_LIMIT] =
        {"'{0}' has as many checkpoints as are allowed, which is 50. (Virtual machine ID "
         "{1})",
         "\"{0}\" hat bereits die zulässige Anzahl von 50 Prüfpunkten. (ID des "
         "virtuellen Computers: {1})",
         "'{0}' のチェックポイント数が上限の 50 に達しています。"
         "(仮想マシン ID {1})"},
    [TX_WHY_VSS] =
        {"Production checkpoints cannot be created for '{0}'. (Virtual machine ID {1})",
         "Für \"{0}\" können keine Produktionsprüfpunkte erstellt werden. (ID des "
         "virtuellen Computers: {1})",
         "'{0}' の運用チェックポイントを作成できません。(仮想マシ"
         "ン ID {1})"},
    [TX_WHY_VSS_GUEST] = {"The writers of the guest '{0}' failed (0x800423F4).",
                          "Die VSS-Writer im Gast \"{0}\" meldeten Fehler (0x800423F4).",
                          "ゲスト '{0}' のライターが失敗しました (0x800423F4)。"},
    [TX_WHY_DISK] =
        {"'{0}' has a disk that does not support checkpoints. (Virtual machine ID {1})",
         "\"{0}\" hat einen Datenträger, der keine Prüfpunkte unterstützt. (ID des "
         "virtuellen Computers: {1})",
         "'{0}' にチェックポイントをサポートしないディスクがあり"
         "ます。(仮想マシン ID {1})"},
    [TX_WHY_STATE] =
        {"The operation cannot be performed while '{0}' is in its current state. "
         "(Virtual machine ID {1})",
         "Der Vorgang kann im aktuellen Zustand von \"{0}\" nicht ausgeführt werden. "
         "(ID des virtuellen Computers: {1})",
         "'{0}' の現在の状態ではこの操作を実行できません。(仮想マ"
         "シン ID {1})"},
    [TX_WHY_READ_ONLY] =
        {"A property that cannot be changed was given for '{0}'. (Virtual machine ID "
         "{1})",
         "Für \"{0}\" wurde eine unveränderliche Eigenschaft angegeben. (ID des "
         "virtuellen Computers: {1})",
         "'{0}' に変更できないプロパティが指定されました。(仮想マ"
         "シン ID {1})"},
    [TX_WHY_HRESULT] = {"The host reported an error ({0}).",
                        "Der Host meldete einen Fehler ({0}).",
                        "ホストがエラーを報告しました ({0})。"},
    [TX_WHY_OTHER] =
        {"'{0}' failed to carry it out. (Virtual machine ID {1})",
         "\"{0}\" konnte ihn nicht ausführen. (ID des virtuellen Computers: {1})",
         "'{0}' は実行できませんでした。(仮想マシン ID {1})"},
};

static const char *const tags[SIM_LANGUAGES] = {"en-US", "de-DE", "ja-JP"};

bool sim_language_find(const char *tag, enum sim_language *out)
{
    int i;

    for (i = 0; i < SIM_LANGUAGES; i++) {
        if (strncmp(tags[i], tag, 2) == 0 && (tag[2] == '-' || !tag[2])) {
            *out = (enum sim_language)i;
            return true;
        }
    }
    return false;
}

const char *sim_language_tag(enum sim_language language)
{
    return tags[language];
}

const char *sim_text(enum sim_language language, enum sim_text id)
{
    return texts[id][language];
}

void sim_text_add(struct hvs_buf *out, enum sim_language language, enum sim_text id,
                  const char *first, const char *second)
{
    const char *text = sim_text(language, id);
    size_t n;

    for (;;) {
        n = strcspn(text, "{");
        hvs_buf_add(out, text, n);
        if (!text[n])
            return;
        hvs_buf_puts(out, text[n + 1] == '0' ? first : second);
        text += n + 3;
    }
}

void sim_default_name(struct hvs_buf *out, enum sim_language language, const char *vm,
                      int64_t local_ms, bool automatic)
{
    struct sim_date d;

    sim_date_of(local_ms, &d);
    if (automatic)
        hvs_buf_printf(out, "%s - ", sim_text(language, TX_AUTOMATIC));
    hvs_buf_printf(out, "%s - (", vm);
    switch (language) {
    case SIM_GERMAN:
        hvs_buf_printf(out, "%02d.%02d.%04d - %02d:%02d:%02d)", d.day, d.month, d.year,
                       d.hour, d.minute, d.second);
        break;
    case SIM_JAPANESE:
        hvs_buf_printf(out, "%04d/%02d/%02d - %02d:%02d:%02d)", d.year, d.month, d.day,
                       d.hour, d.minute, d.second);
        break;
    case SIM_ENGLISH:
    case SIM_LANGUAGES:
        hvs_buf_printf(out, "%d/%d/%04d - %d:%02d:%02d %s)", d.month, d.day, d.year,
                       (d.hour + 11) % 12 + 1, d.minute, d.second,
                       d.hour < 12 ? "AM" : "PM");
        break;
    }
}
