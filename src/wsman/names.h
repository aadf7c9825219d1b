#ifndef HVS_WSMAN_NAMES_H
#define HVS_WSMAN_NAMES_H

/* Namespaces and actions of WS-Management (DSP0226) and of Microsoft's extensions to it
 * (MS-WSMV 2.2.1). */
#define HVS_NS_SOAP "http://www.w3.org/2003/05/soap-envelope"
#define HVS_NS_ADDRESSING "http://schemas.xmlsoap.org/ws/2004/08/addressing"
#define HVS_NS_TRANSFER "http://schemas.xmlsoap.org/ws/2004/09/transfer"
#define HVS_NS_ENUMERATION "http://schemas.xmlsoap.org/ws/2004/09/enumeration"
#define HVS_NS_WSMAN "http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"
#define HVS_NS_WSMAN_FAULT "http://schemas.microsoft.com/wbem/wsman/1/wsmanfault"
#define HVS_NS_WMI_ERROR "http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/MSFT_WmiError"
#define HVS_NS_IDENTITY "http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd"

#define HVS_ACTION_GET HVS_NS_TRANSFER "/Get"
#define HVS_ACTION_ENUMERATE HVS_NS_ENUMERATION "/Enumerate"
#define HVS_ACTION_PULL HVS_NS_ENUMERATION "/Pull"
#define HVS_ACTION_RELEASE HVS_NS_ENUMERATION "/Release"

#endif
