//! The fields of a JSON object, taken out one by one.
//!
//! In: objects and the names of fields. Out: text, numbers and objects, or errors with their paths; what
//! nobody took is set aside. Must not: know what an order is.

use serde_json::{Map, Value};

use super::fault::{Fault, FieldError};
use super::number::NumberRule;
use super::{ASIDE_BYTES_MAX, Aside, ERRORS_MAX};

/// The fields of one object that nobody has asked for yet.
pub(super) struct Fields {
    pub(super) path: String,
    pub(super) map: Map<String, Value>,
}

impl Fields {
    pub(super) fn path_of(&self, name: &str) -> String {
        if self.path.is_empty() {
            name.to_owned()
        } else {
            format!("{}.{name}", self.path)
        }
    }

    /// Takes a field out; null is the same as not there.
    pub(super) fn take(&mut self, name: &str) -> Option<Value> {
        self.map.remove(name).filter(|value| !value.is_null())
    }
}

#[derive(Default)]
pub(super) struct Checker {
    pub(super) errors: Vec<FieldError>,
    pub(super) aside: Aside,
    aside_bytes: usize,
}

impl Checker {
    pub(super) fn error(&mut self, path: &str, fault: Fault, reason: String) {
        let (path, fault, reason) = match self.errors.len() {
            len if len < ERRORS_MAX => (path, fault, reason),
            ERRORS_MAX => ("", Fault::MoreErrors, "There are more errors.".to_owned()),
            _ => return,
        };
        self.errors.push(FieldError {
            path: path.to_owned(),
            fault,
            reason,
        });
    }

    fn missing(&mut self, path: &str) {
        self.error(path, Fault::Missing, "The field is missing.".to_owned());
    }

    /// Text of any content, trimmed, or None when it is not there or not fit. An error is noted for the
    /// second only.
    pub(super) fn text(
        &mut self,
        fields: &mut Fields,
        name: &str,
        bytes_max: usize,
    ) -> Option<String> {
        let value = fields.take(name)?;
        let path = fields.path_of(name);
        let Value::String(text) = value else {
            self.error(&path, Fault::NotText, "The field must be text.".to_owned());
            return None;
        };
        if text.len() > bytes_max {
            let reason = format!(
                "The text has {} bytes; {bytes_max} are the most allowed.",
                text.len()
            );
            self.error(&path, Fault::TooLong, reason);
            return None;
        }
        Some(text.trim().replace('\0', "\u{fffd}"))
    }

    /// Text that must be there and not blank.
    pub(super) fn needed(
        &mut self,
        fields: &mut Fields,
        name: &str,
        bytes_max: usize,
        blank: Fault,
    ) -> Option<String> {
        let errors_before = self.errors.len();
        let text = self.text(fields, name, bytes_max);
        if text.as_ref().is_none_or(String::is_empty) && self.errors.len() == errors_before {
            let path = fields.path_of(name);
            match text {
                Some(_) => self.error(&path, blank, "The field must not be blank.".to_owned()),
                None if blank == Fault::Blank => self.missing(&path),
                None => self.error(&path, blank, "The field is missing.".to_owned()),
            }
        }
        text.filter(|text| !text.is_empty())
    }

    /// A name that machines compare, so nothing invisible may be in it.
    pub(super) fn identifier(
        &mut self,
        fields: &mut Fields,
        name: &str,
        bytes_max: usize,
    ) -> Option<String> {
        let raw_has_nul =
            matches!(fields.map.get(name), Some(Value::String(raw)) if raw.contains('\0'));
        let text = self.needed(fields, name, bytes_max, Fault::Blank)?;
        if raw_has_nul || text.contains(char::is_control) {
            let reason = "An identifier must not hold control characters.".to_owned();
            self.error(&fields.path_of(name), Fault::ControlCharacter, reason);
            return None;
        }
        Some(text)
    }

    pub(super) fn object(&mut self, fields: &mut Fields, name: &str) -> Option<Fields> {
        let path = fields.path_of(name);
        match fields.take(name)? {
            Value::Object(map) => Some(Fields { path, map }),
            _ => {
                self.error(
                    &path,
                    Fault::NotAnObject,
                    "The field must be an object.".to_owned(),
                );
                None
            }
        }
    }

    pub(super) fn needed_object(&mut self, fields: &mut Fields, name: &str) -> Option<Fields> {
        let errors_before = self.errors.len();
        let object = self.object(fields, name);
        if object.is_none() && self.errors.len() == errors_before {
            self.missing(&fields.path_of(name));
        }
        object
    }

    pub(super) fn number(
        &mut self,
        fields: &mut Fields,
        name: &str,
        rule: &NumberRule,
    ) -> Option<i64> {
        let path = fields.path_of(name);
        let (fault, reason) = match fields.take(name) {
            None => {
                self.missing(&path);
                return None;
            }
            Some(Value::Number(number)) => match rule.check(&number) {
                Ok(number) => return Some(number),
                Err(fault) => {
                    let (min, max) = (rule.min, rule.max);
                    (
                        fault,
                        format!("{number} is not a whole number from {min} to {max}."),
                    )
                }
            },
            Some(_) => (Fault::NotNumber, "The field must be a number.".to_owned()),
        };
        self.error(&path, fault, reason);
        None
    }

    /// Keeps what nobody asked for, as far as it fits.
    pub(super) fn set_aside(&mut self, fields: Fields) {
        for (name, value) in &fields.map {
            let path = fields.path_of(name);
            let bytes = path.len() + value.to_string().len();
            // The bound holds for the names of dropped fields as well.
            if self.aside_bytes.saturating_add(bytes) <= ASIDE_BYTES_MAX {
                self.aside_bytes += bytes;
                self.aside.fields.push((path, value.clone()));
            } else if self.aside_bytes.saturating_add(path.len()) <= ASIDE_BYTES_MAX {
                self.aside_bytes += path.len();
                self.aside.dropped.push(path);
            }
        }
    }
}
