// Package readings reads water levels, one a line.
package readings

import (
	"bufio"
	"fmt"
	"io"
	"sort"
	"strconv"
	"strings"

	"mods.example.org/tidemark/v2"
)

// Station is a place with what was measured there.
type Station struct {
	Name string
	Tide tidemark.Tide
}

// Read takes lines of a station and a level. Empty lines and those that begin with # count for nothing. Stations come sorted by name.
func Read(in io.Reader) ([]Station, error) {
	tides := map[string]*tidemark.Tide{}
	lines := bufio.NewScanner(in)
	for number := 1; lines.Scan(); number++ {
		text := strings.TrimSpace(lines.Text())
		if text == "" || strings.HasPrefix(text, "#") {
			continue
		}
		words := strings.Fields(text)
		if len(words) != 2 {
			return nil, fmt.Errorf("line %d: want a station and a level, got %d words", number, len(words))
		}
		level, err := strconv.ParseFloat(words[1], 64)
		if err != nil {
			return nil, fmt.Errorf("line %d: %q is no level", number, words[1])
		}
		if tides[words[0]] == nil {
			tides[words[0]] = &tidemark.Tide{}
		}
		tides[words[0]].Add(level)
	}
	if err := lines.Err(); err != nil {
		return nil, err
	}
	stations := make([]Station, 0, len(tides))
	for name, tide := range tides {
		stations = append(stations, Station{name, *tide})
	}
	sort.Slice(stations, func(i, j int) bool { return stations[i].Name < stations[j].Name })
	return stations, nil
}

// Only keeps the station of this name.
func Only(stations []Station, name string) []Station {
	kept := stations[:0:0]
	for _, station := range stations {
		if station.Name == name {
			kept = append(kept, station)
		}
	}
	return kept
}
