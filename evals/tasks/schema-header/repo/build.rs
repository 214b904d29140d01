//! Lets libclang lay out the structures of `include/frames.h`, padding and all; the program carries the table.
#![allow(non_upper_case_globals)]

use clang_sys::*;
use std::ffi::{c_char, c_void, CStr, CString};
use std::fmt::Write;

const HEADER: &str = "include/frames.h";

fn main() {
    println!("cargo:rerun-if-changed={HEADER}");
    println!("cargo:rerun-if-env-changed=BINDGEN_EXTRA_CLANG_ARGS");
    clang_sys::load().expect("libclang loads");

    // Where the system's headers are; the same variable as for bindgen.
    let extra = std::env::var("BINDGEN_EXTRA_CLANG_ARGS").unwrap_or_default();
    let mut words: Vec<CString> = vec![CString::new("-xc").unwrap(), CString::new("-std=c11").unwrap()];
    words.extend(extra.split_whitespace().map(|word| CString::new(word).unwrap()));
    let arguments: Vec<*const c_char> = words.iter().map(|word| word.as_ptr()).collect();

    let mut table = String::from("pub static FRAMES: &[Frame] = &[\n");
    unsafe {
        let header = CString::new(HEADER).unwrap();
        let index = clang_createIndex(0, 0);
        let unit = clang_parseTranslationUnit(
            index,
            header.as_ptr(),
            arguments.as_ptr(),
            arguments.len() as i32,
            std::ptr::null_mut(),
            0,
            CXTranslationUnit_None,
        );
        assert!(!unit.is_null(), "libclang cannot read {HEADER}");
        complain(unit);
        clang_visitChildren(
            clang_getTranslationUnitCursor(unit),
            structure,
            (&mut table as *mut String).cast(),
        );
        clang_disposeTranslationUnit(unit);
        clang_disposeIndex(index);
    }
    table.push_str("];\n");
    let out = std::env::var("OUT_DIR").expect("cargo sets it");
    std::fs::write(format!("{out}/frames.rs"), table).expect("OUT_DIR can be written");
}

/// What the header lacks is no table with holes.
unsafe fn complain(unit: CXTranslationUnit) {
    for at in 0..clang_getNumDiagnostics(unit) {
        let diagnostic = clang_getDiagnostic(unit, at);
        let serious = clang_getDiagnosticSeverity(diagnostic) >= CXDiagnostic_Error;
        let shown = text(clang_formatDiagnostic(diagnostic, clang_defaultDiagnosticDisplayOptions()));
        assert!(!serious, "{shown}");
    }
}

unsafe fn text(string: CXString) -> String {
    let read = CStr::from_ptr(clang_getCString(string)).to_string_lossy().into_owned();
    clang_disposeString(string);
    read
}

extern "C" fn structure(cursor: CXCursor, _: CXCursor, table: CXClientData) -> CXChildVisitResult {
    unsafe {
        let own = clang_Location_isFromMainFile(clang_getCursorLocation(cursor)) != 0;
        if own && clang_getCursorKind(cursor) == CXCursor_StructDecl {
            let table = &mut *table.cast::<String>();
            let name = text(clang_getCursorSpelling(cursor));
            let size = clang_Type_getSizeOf(clang_getCursorType(cursor));
            writeln!(table, "    Frame {{ name: \"{name}\", size: {size}, fields: &[").unwrap();
            clang_visitChildren(cursor, field, (table as *mut String).cast::<c_void>());
            table.push_str("    ] },\n");
        }
    }
    CXChildVisit_Continue
}

extern "C" fn field(cursor: CXCursor, parent: CXCursor, table: CXClientData) -> CXChildVisitResult {
    unsafe {
        if clang_getCursorKind(cursor) == CXCursor_FieldDecl {
            let table = &mut *table.cast::<String>();
            let name = text(clang_getCursorSpelling(cursor));
            let c_name = CString::new(name.as_str()).unwrap();
            let offset = clang_Type_getOffsetOf(clang_getCursorType(parent), c_name.as_ptr()) / 8;
            let whole = clang_getCanonicalType(clang_getCursorType(cursor));
            let many = whole.kind == CXType_ConstantArray;
            let (one, count) = if many {
                (clang_getCanonicalType(clang_getArrayElementType(whole)), clang_getArraySize(whole))
            } else {
                (whole, 1)
            };
            let kind = match one.kind {
                CXType_Bool => "Bool",
                CXType_Char_S | CXType_Char_U => "Text",
                CXType_SChar | CXType_Short | CXType_Int | CXType_Long | CXType_LongLong => "Signed",
                CXType_UChar | CXType_UShort | CXType_UInt | CXType_ULong | CXType_ULongLong => "Unsigned",
                _ => panic!("{HEADER}: no frame has a field like {name}"),
            };
            let width = clang_Type_getSizeOf(one);
            writeln!(
                table,
                "        Field {{ name: \"{name}\", offset: {offset}, width: {width}, count: {count}, kind: Kind::{kind} }},"
            )
            .unwrap();
        }
    }
    CXChildVisit_Continue
}
