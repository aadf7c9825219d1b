// A client that nobody here wrote, Go's masterzen winrm: asks for a command to be run.
//
//	go_winrm URL-SCHEME HOST PORT basic|ntlm USER PASSWORD-FILE [CA-FILE]
package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/masterzen/winrm"
)

func fail(what error) {
	fmt.Fprintln(os.Stderr, "go_winrm:", what)
	os.Exit(2)
}

func main() {
	args := os.Args
	if len(args) < 7 {
		fail(fmt.Errorf("wrong usage"))
	}
	port, err := strconv.Atoi(args[3])
	if err != nil {
		fail(err)
	}
	password, err := os.ReadFile(args[6])
	if err != nil {
		fail(err)
	}
	var ca []byte
	if len(args) > 7 {
		if ca, err = os.ReadFile(args[7]); err != nil {
			fail(err)
		}
	}
	endpoint := winrm.NewEndpoint(args[2], port, args[1] == "https", false, ca, nil, nil,
		20*time.Second)
	parameters := winrm.NewParameters("PT60S", "en-US", 153600)
	if args[4] == "ntlm" {
		parameters.TransportDecorator = func() winrm.Transporter {
			return &winrm.ClientNTLM{}
		}
	}
	client, err := winrm.NewClientWithParameters(endpoint, args[5],
		strings.TrimRight(string(password), "\n"), parameters)
	if err != nil {
		fail(err)
	}
	_, _, status, err := client.RunWithString("ipconfig /all", "")
	fmt.Println("status", status, "error", err)
}
