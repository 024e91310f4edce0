// Package settings reads how this installation is set up: defaults in code, then
// a YAML file, then the environment. A key that nobody knows is an error, because
// a misspelt setting that is silently ignored is found out too late.
package settings
