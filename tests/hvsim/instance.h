#ifndef SIM_INSTANCE_H
#define SIM_INSTANCE_H

#include "hvsim/class.h"

/* Rows and references as XML, in the shapes that Windows gives them. */

#define SIM_NS_S "http://www.w3.org/2003/05/soap-envelope"
#define SIM_NS_A "http://schemas.xmlsoap.org/ws/2004/08/addressing"
#define SIM_NS_X "http://schemas.xmlsoap.org/ws/2004/09/transfer"
#define SIM_NS_N "http://schemas.xmlsoap.org/ws/2004/09/enumeration"
#define SIM_NS_E "http://schemas.xmlsoap.org/ws/2004/08/eventing"
#define SIM_NS_W "http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"
#define SIM_NS_P "http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd"
#define SIM_NS_B "http://schemas.dmtf.org/wbem/wsman/1/cimbinding.xsd"
#define SIM_NS_CIM "http://schemas.dmtf.org/wbem/wscim/1/common"
#define SIM_NS_XSI "http://www.w3.org/2001/XMLSchema-instance"
#define SIM_NS_ID "http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd"
#define SIM_ANONYMOUS SIM_NS_A "/role/anonymous"

/* Escaped text; control characters, which XML cannot hold, become '?'. */
void sim_xml_add(struct hvs_buf *out, const char *text);

/* <p:Class ...>...</p:Class> */
void sim_instance_add(struct hvs_buf *out, const struct sim_row *row);

/* The elements inside it, with this prefix ("p:"). Properties for which `mask` is set
 * and false at their place are left out. */
void sim_properties_add(struct hvs_buf *out, const struct sim_row *row,
                        const char *prefix, const bool *mask);

/* The answer to a projection: <w:XmlFragment> with those properties and no namespaces. */
void sim_fragment_add(struct hvs_buf *out, const struct sim_row *row, const bool *mask);

/* a:Address and a:ReferenceParameters; and the same in an a:EndpointReference. */
void sim_epr_add(struct hvs_buf *out, struct sim_host *host, const struct sim_ref *ref);
void sim_wrapped_epr_add(struct hvs_buf *out, struct sim_host *host,
                         const struct sim_ref *ref);

/* <p:name xmlns:a=".." xmlns:w="..">the reference</p:name>, as properties and out
 * parameters have it. */
void sim_ref_add(struct hvs_buf *out, struct sim_host *host, const char *name,
                 const struct sim_ref *ref);

/* Class.Key="value", as __RELPATH has it. */
void sim_path_add(struct hvs_buf *out, struct sim_host *host, const struct sim_ref *ref);

#endif
