module walletd.example/walletd

go 1.19

require google.golang.org/protobuf v1.28.1

// Builds against Debian's golang-google-protobuf-dev, where no Go proxy can be reached: go build -modfile=debian.mod.
replace google.golang.org/protobuf => /usr/share/gocode/src/google.golang.org/protobuf
