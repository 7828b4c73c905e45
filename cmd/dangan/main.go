// Command dangan is the management and service system for the personnel
// dossiers of China's mobile workforce: server, background jobs and command line.
package main

import (
	"os"

	"dangan/internal/cli"
)

// version is set by the build.
var version = "0.1.0"

func main() { os.Exit(cli.Main(version, os.Args[1:], os.Stdout, os.Stderr)) }
