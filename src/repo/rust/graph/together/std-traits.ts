/** Methods, functions and constants of the standard library's traits, unstable ones too (they are probed as well), as of Rust 1.90. */

const table = (rows: Readonly<Record<string, string>>): ReadonlyMap<string, readonly string[]> =>
  new Map(Object.entries(rows).map(([trait, names]) => [trait, names.split(" ")]));

/** What a type may have without a word of it in the crate: blanket impls. */
export const BLANKET: ReadonlySet<string> = new Set(
  "from into try_from try_into borrow borrow_mut type_id to_owned clone_into to_string into_iter into_future".split(" "),
);

/** What a type has only by an impl or a derive. */
export const STD_TRAITS: ReadonlyMap<string, readonly string[]> = table({
  Clone: "clone clone_from",
  Copy: "clone clone_from",
  PartialEq: "eq ne",
  Eq: "eq ne assert_receiver_is_total_eq assert_fields_are_eq",
  PartialOrd: "partial_cmp lt le gt ge",
  Ord: "cmp max min clamp",
  Hash: "hash hash_slice",
  Default: "default",
  Debug: "fmt",
  Display: "fmt to_string",
  Drop: "drop",
  From: "from",
  Into: "into",
  TryFrom: "try_from Error",
  TryInto: "try_into Error",
  AsRef: "as_ref",
  AsMut: "as_mut",
  Borrow: "borrow",
  BorrowMut: "borrow_mut",
  Deref: "deref Target",
  DerefMut: "deref_mut",
  FromStr: "from_str Err",
  FromIterator: "from_iter",
  Extend: "extend extend_one extend_reserve extend_one_unchecked",
  IntoIterator: "into_iter",
  Iterator:
    "next size_hint count last advance_by nth step_by chain zip intersperse intersperse_with map for_each filter filter_map enumerate " +
    "peekable skip_while take_while map_while skip take scan flat_map flatten map_windows fuse inspect by_ref collect try_collect " +
    "collect_into partition partition_in_place is_partitioned try_fold try_for_each fold reduce try_reduce all any find find_map try_find " +
    "position rposition max min max_by_key max_by min_by_key min_by rev unzip copied cloned cycle array_chunks next_chunk sum product " +
    "cmp cmp_by partial_cmp partial_cmp_by eq eq_by ne lt le gt ge is_sorted is_sorted_by is_sorted_by_key",
  DoubleEndedIterator: "next_back advance_back_by nth_back try_rfold rfold rfind",
  ExactSizeIterator: "len is_empty",
  FusedIterator: "",
  Sum: "sum",
  Product: "product",
  Step: "steps_between forward forward_checked backward backward_checked",
  Add: "add",
  Sub: "sub",
  Mul: "mul",
  Div: "div",
  Rem: "rem",
  Neg: "neg",
  Not: "not",
  BitAnd: "bitand",
  BitOr: "bitor",
  BitXor: "bitxor",
  Shl: "shl",
  Shr: "shr",
  AddAssign: "add_assign",
  SubAssign: "sub_assign",
  MulAssign: "mul_assign",
  DivAssign: "div_assign",
  RemAssign: "rem_assign",
  BitAndAssign: "bitand_assign",
  BitOrAssign: "bitor_assign",
  BitXorAssign: "bitxor_assign",
  ShlAssign: "shl_assign",
  ShrAssign: "shr_assign",
  Index: "index",
  IndexMut: "index_mut",
  RangeBounds: "start_bound end_bound contains is_empty",
  Error: "source description cause provide type_id",
  Hasher:
    "finish write write_u8 write_u16 write_u32 write_u64 write_u128 write_usize write_i8 write_i16 write_i32 write_i64 write_i128 " +
    "write_isize write_length_prefix write_str",
  BuildHasher: "build_hasher hash_one",
  // std::fmt::Write and std::io::Write
  Write: "write_str write_char write_fmt write flush write_vectored is_write_vectored write_all write_all_vectored by_ref",
  Read: "read read_vectored is_read_vectored read_to_end read_to_string read_exact read_buf read_buf_exact by_ref bytes chain take read_array",
  BufRead: "fill_buf consume has_data_left read_until skip_until read_line split lines",
  Seek: "seek rewind stream_len stream_position seek_relative",
  Future: "poll",
  IntoFuture: "into_future",
  Wake: "wake wake_by_ref",
  ToSocketAddrs: "to_socket_addrs",
  LowerHex: "fmt",
  UpperHex: "fmt",
  Octal: "fmt",
  Binary: "fmt",
  LowerExp: "fmt",
  UpperExp: "fmt",
  Pointer: "fmt",
  Termination: "report",
  Send: "",
  Sync: "",
  Unpin: "",
  Sized: "",
  UnwindSafe: "",
  RefUnwindSafe: "",
});
