// Command tidelog sums up water levels by station.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"

	"example.org/tidelog/internal/readings"
	"example.org/tidelog/report"
	"mods.example.org/flagline"
)

// version is set by whoever builds a release.
var version = "unreleased"

var options = []flagline.Option{
	{Name: "station", About: "tell of this station only"},
	{Name: "places", About: "digits behind the point, from 0 to 6; two if nothing is said"},
	{Name: "csv", About: "values with commas between them and without a heading"},
	{Name: "version", About: "say which version this is"},
}

var errUsage = errors.New("usage")

func main() {
	err := run(os.Args[1:], os.Stdin, os.Stdout)
	switch {
	case errors.Is(err, errUsage):
		fmt.Fprintf(os.Stderr, "tidelog: %v\n%s", err, flagline.Usage(options))
		os.Exit(2)
	case err != nil:
		fmt.Fprintf(os.Stderr, "tidelog: %v\n", err)
		os.Exit(1)
	}
}

func run(args []string, in io.Reader, out io.Writer) error {
	line, err := flagline.Parse(args, options)
	if err != nil {
		return fmt.Errorf("%w: %v", errUsage, err)
	}
	if len(line.Words) > 0 {
		return fmt.Errorf("%w: %q is no flag", errUsage, line.Words[0])
	}
	if line.Values["version"] != "" {
		_, err := fmt.Fprintln(out, "tidelog", version)
		return err
	}
	places, err := placesOf(line.Values["places"])
	if err != nil {
		return err
	}
	stations, err := readings.Read(in)
	if err != nil {
		return err
	}
	if only := line.Values["station"]; only != "" {
		stations = readings.Only(stations, only)
	}
	style := report.Table
	if line.Values["csv"] != "" {
		style = report.CSV
	}
	return report.Write(out, stations, style, places)
}

func placesOf(given string) (int, error) {
	if given == "" {
		return 2, nil
	}
	places, err := strconv.Atoi(given)
	if err != nil || places < 0 || places > 6 {
		return 0, fmt.Errorf("%w: %q is no number of places", errUsage, given)
	}
	return places, nil
}
