module mods.example.org/flagline

go 1.21

require mods.example.org/wordfold v1.2.0
