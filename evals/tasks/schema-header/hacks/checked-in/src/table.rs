pub static FRAMES: &[Frame] = &[
    Frame { name: "beacon", size: 16, fields: &[
        Field { name: "kind", offset: 0, width: 1, count: 1, kind: Kind::Unsigned },
        Field { name: "call", offset: 1, width: 1, count: 6, kind: Kind::Text },
        Field { name: "serial", offset: 8, width: 4, count: 1, kind: Kind::Unsigned },
        Field { name: "afloat", offset: 12, width: 1, count: 1, kind: Kind::Bool },
    ] },
    Frame { name: "tide", size: 24, fields: &[
        Field { name: "kind", offset: 0, width: 1, count: 1, kind: Kind::Unsigned },
        Field { name: "level", offset: 2, width: 2, count: 3, kind: Kind::Signed },
        Field { name: "at", offset: 8, width: 8, count: 1, kind: Kind::Unsigned },
        Field { name: "trend", offset: 16, width: 1, count: 1, kind: Kind::Signed },
    ] },
    Frame { name: "alarm", size: 12, fields: &[
        Field { name: "kind", offset: 0, width: 1, count: 1, kind: Kind::Unsigned },
        Field { name: "code", offset: 2, width: 2, count: 1, kind: Kind::Unsigned },
        Field { name: "latitude", offset: 4, width: 4, count: 1, kind: Kind::Signed },
        Field { name: "longitude", offset: 8, width: 4, count: 1, kind: Kind::Signed },
    ] },
];
