module example.org/tidelog

go 1.22

require (
	mods.example.org/flagline v0.4.1
	mods.example.org/tidemark/v2 v2.0.2
)

require mods.example.org/wordfold v1.2.0 // indirect
