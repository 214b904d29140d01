//! The few words that edition is called with.

use std::ffi::OsString;

pub struct Arguments(Vec<OsString>);

impl Arguments {
    pub fn from_env() -> Self {
        Self(std::env::args_os().skip(1).collect())
    }

    pub fn contains(&mut self, flag: &str) -> bool {
        let before = self.0.len();
        self.0.retain(|word| word != flag);
        self.0.len() < before
    }

    pub fn subcommand(&mut self) -> Result<Option<String>, String> {
        if self.0.first().is_none_or(|word| word.to_string_lossy().starts_with('-')) {
            return Ok(None);
        }
        Ok(Some(self.0.remove(0).to_string_lossy().into_owned()))
    }

    pub fn finish(self) -> Vec<OsString> {
        self.0
    }
}
