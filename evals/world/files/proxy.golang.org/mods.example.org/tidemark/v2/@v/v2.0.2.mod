module mods.example.org/tidemark/v2

go 1.22
