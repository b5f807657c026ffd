//! `Shared<T>`: a prop that is cheap to clone and cheap to compare.

use std::{ops::Deref, rc::Rc};
use yew::html::ImplicitClone;

/// An `Rc` that equals another only when both are the same object.
///
/// Props of it compare in one instruction however large `T` is. Keep the same `Shared` while the value is the same,
/// or children render for nothing.
#[derive(Debug, Default)]
pub struct Shared<T>(Rc<T>);

impl<T> From<T> for Shared<T> {
    fn from(value: T) -> Self {
        Self(Rc::new(value))
    }
}

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

impl<T> PartialEq for Shared<T> {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl<T> Eq for Shared<T> {}

impl<T> Deref for Shared<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> ImplicitClone for Shared<T> {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_values_in_two_places_are_not_equal() {
        let one = Shared::from(vec![1]);
        assert!(one.clone() == one);
        assert!(one != Shared::from(vec![1]));
    }
}
