#!/usr/bin/env perl
# Prints the table of the checksum: what a byte adds to the sum.

my $polynomial = 0xedb88320;

print "pub const TABLE: [u32; 256] = [\n";
for my $byte (0 .. 255) {
    my $sum = $byte;
    $sum = $sum & 1 ? ($sum >> 1) ^ $polynomial : $sum >> 1 for 1 .. 8;
    printf "    0x%08x,\n", $sum;
}
print "];\n";
