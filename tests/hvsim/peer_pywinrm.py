"""Log in with python3-winrm, post the envelopes of the files named, print the replies.

usage: peer_pywinrm.py URL USER PASSWORD-FILE auto|always CA|- ENVELOPE...
"""
import sys

from winrm.exceptions import WinRMError, WinRMTransportError
from winrm.protocol import Protocol

url, user, password_file, encryption, ca = sys.argv[1:6]
with open(password_file, encoding="utf-8") as f:
    password = f.read().rstrip("\n")
options = {} if ca == "-" else {"ca_trust_path": ca}
protocol = Protocol(url + "/wsman", transport="ntlm", username=user, password=password,
                    message_encryption=encryption, **options)
for name in sys.argv[6:]:
    with open(name, encoding="utf-8") as f:
        envelope = f.read()
    try:
        reply = protocol.transport.send_message(envelope)
        print(reply.decode() if isinstance(reply, bytes) else reply)
    except (WinRMError, WinRMTransportError) as error:
        text = getattr(error, "response_text", "")
        print(type(error).__name__, error, text)
        sys.exit(1)
