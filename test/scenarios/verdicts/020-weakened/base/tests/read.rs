#[test]
fn reads() {
    assert_eq!(read(), "Take the umbrella.");
}
