#ifndef HVSNAP_H
#define HVSNAP_H

/** Everything: hosts, VMs, snapshots, and what is wrong with them. */
#include <hvsnap/client.h>
#include <hvsnap/doctor.h>
#include <hvsnap/error.h>
#include <hvsnap/fleet.h>
#include <hvsnap/job.h>
#include <hvsnap/policy.h>
#include <hvsnap/snapshot.h>
#include <hvsnap/vm.h>

#ifdef __cplusplus
extern "C" {
#endif

/** "0.1.0", of the library at run time. */
HVS_API const char *hvs_version(void);

/** The libraries it stands on and what this build can do, one line:
 * "libcurl/7.88.1 OpenSSL/3.0.22 libxml2/20914 kerberos". Never NULL. */
HVS_API const char *hvs_version_details(void);

#ifdef __cplusplus
}
#endif

#endif
