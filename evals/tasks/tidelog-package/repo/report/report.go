// Package report lays out what is known of stations.
package report

import (
	_ "embed"
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"

	"example.org/tidelog/internal/readings"
)

// heading holds the titles of the columns, with blanks between them.
//
//go:embed heading.txt
var heading string

// Style is a layout.
type Style int

const (
	// Table has a heading, columns of one width and a line of dashes.
	Table Style = iota
	// CSV has commas.
	CSV
)

// Write tells of each station on a line of its own: its name, the lowest, the highest and the mean level, and how many readings there are.
func Write(out io.Writer, stations []readings.Station, style Style, places int) error {
	if style == CSV {
		for _, station := range stations {
			if _, err := fmt.Fprintln(out, strings.Join(cells(station, places), ",")); err != nil {
				return err
			}
		}
		return nil
	}
	if len(stations) == 0 {
		_, err := fmt.Fprintln(out, "no readings")
		return err
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	titles := strings.Fields(heading)
	dashes := make([]string, len(titles))
	for i, title := range titles {
		dashes[i] = strings.Repeat("-", len(title))
	}
	fmt.Fprintln(table, strings.Join(titles, "\t"))
	fmt.Fprintln(table, strings.Join(dashes, "\t"))
	for _, station := range stations {
		fmt.Fprintln(table, strings.Join(cells(station, places), "\t"))
	}
	return table.Flush()
}

func cells(station readings.Station, places int) []string {
	number := func(value float64) string { return strconv.FormatFloat(value, 'f', places, 64) }
	tide := station.Tide
	return []string{station.Name, number(tide.Low.Value), number(tide.High.Value), number(tide.Mean()), strconv.Itoa(tide.Seen)}
}
