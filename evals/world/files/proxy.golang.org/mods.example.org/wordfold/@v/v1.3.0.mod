module mods.example.org/wordfold

go 1.21
