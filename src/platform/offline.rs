//! The service worker: keeps the page for use without a network. Absent in the single file and on insecure origins.
//!
//! A new version is offered, never forced: it takes over when [`Offline::update`] is called, or when the last tab closes.

use super::{facts, window};
use js_sys::{Array, Function, Promise, Reflect};
use std::{cell::RefCell, rc::Rc};
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Event, MessageChannel, ServiceWorker, ServiceWorkerContainer, ServiceWorkerRegistration,
    ServiceWorkerState,
};
use yew::Callback;

const SCRIPT: &str = "sw.js";
const ANSWER_MS: i32 = 3_000;

type OnEvent = Closure<dyn FnMut(Event)>;

/// Whether the page works without a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OfflineState {
    /// It does not, and cannot here.
    Unable,
    /// Not yet known, or its files are being put into the cache.
    Preparing,
    /// Every file of the page is at hand.
    Ready,
    /// The same, and a new version waits to be taken.
    UpdateWaiting,
}

/// The service worker's registration, while the page lives. Cloning shares the same one.
#[derive(Clone)]
pub struct Offline(Rc<Inner>);

impl PartialEq for Offline {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

struct Inner {
    on_state: Callback<OfflineState>,
    registration: RefCell<Option<ServiceWorkerRegistration>>,
    listeners: RefCell<Vec<OnEvent>>,
}

impl Offline {
    /// Registers the service worker; `on_state` hears how it stands whenever that changes.
    #[must_use]
    pub fn start(on_state: Callback<OfflineState>) -> Self {
        let inner =
            Rc::new(Inner { on_state, registration: RefCell::default(), listeners: RefCell::default() });
        match facts::origin() {
            // Nothing has to be fetched: the file is the page.
            facts::Origin::File => inner.on_state.emit(OfflineState::Ready),
            facts::Origin::Insecure => inner.on_state.emit(OfflineState::Unable),
            facts::Origin::Secure => {
                let inner = inner.clone();
                wasm_bindgen_futures::spawn_local(async move {
                    if inner.register().await.is_none() {
                        inner.on_state.emit(OfflineState::Unable);
                    }
                });
            }
        }
        Self(inner)
    }

    /// Takes the new version that waits, and loads the page again once it has taken over. What is loaded is gone then.
    pub fn update(&self) {
        let Some(waiting) =
            self.0.registration.borrow().as_ref().and_then(ServiceWorkerRegistration::waiting)
        else {
            return;
        };
        let Some(container) = container() else { return };
        let reload = Closure::once_into_js(|| {
            window().location().reload().ok();
        });
        container.set_oncontrollerchange(Some(reload.unchecked_ref()));
        // Posting a text cannot fail.
        waiting.post_message(&JsValue::from_str("take-over")).ok();
    }
}

/// Asks a service worker whether every file of the page is in its cache; no answer within seconds means no.
async fn is_complete(worker: &ServiceWorker) -> bool {
    let answer = Promise::new(&mut |resolve: Function, _| {
        let Ok(channel) = MessageChannel::new() else { return };
        let on_silence = resolve.clone();
        channel.port1().set_onmessage(Some(&resolve));
        let ports = Array::of1(&channel.port2());
        // Neither can fail: a text with a fresh port, a timer.
        worker.post_message_with_transferable(&JsValue::from_str("status"), &ports).ok();
        window().set_timeout_with_callback_and_timeout_and_arguments_0(&on_silence, ANSWER_MS).ok();
    });
    let answer = JsFuture::from(answer).await.unwrap_or_default();
    let get = |value: &JsValue, key: &str| Reflect::get(value, &JsValue::from_str(key)).unwrap_or_default();
    answer.is_object() && get(&get(&answer, "data"), "complete").is_truthy()
}

/// Not there on insecure origins and in some private windows.
fn container() -> Option<ServiceWorkerContainer> {
    let navigator = window().navigator();
    let has = js_sys::Reflect::get(&navigator, &JsValue::from_str("serviceWorker")).ok()?;
    has.is_object().then(|| navigator.service_worker())
}

impl Inner {
    async fn register(self: &Rc<Self>) -> Option<()> {
        let container = container()?;
        let registered = JsFuture::from(container.register(SCRIPT)).await.ok()?;
        let registration: ServiceWorkerRegistration = registered.unchecked_into();
        *self.registration.borrow_mut() = Some(registration.clone());
        let inner = self.clone();
        let on_found = self.keep(move |_| inner.follow());
        registration.set_onupdatefound(Some(on_found.unchecked_ref()));
        self.follow();
        Some(())
    }

    /// Says how it stands, now and whenever one of its workers changes.
    fn follow(self: &Rc<Self>) {
        let Some(registration) = self.registration.borrow().clone() else { return };
        for worker in
            [registration.installing(), registration.waiting(), registration.active()].into_iter().flatten()
        {
            let inner = self.clone();
            let on_change = self.keep(move |_| inner.say());
            worker.set_onstatechange(Some(on_change.unchecked_ref()));
        }
        self.say();
    }

    fn say(self: &Rc<Self>) {
        let inner = self.clone();
        wasm_bindgen_futures::spawn_local(async move { inner.on_state.emit(inner.state().await) });
    }

    async fn state(&self) -> OfflineState {
        let Some(registration) = self.registration.borrow().clone() else { return OfflineState::Unable };
        let is_active =
            registration.active().is_some_and(|worker| worker.state() == ServiceWorkerState::Activated);
        if !is_active {
            let is_coming = registration.installing().or(registration.waiting()).or(registration.active());
            return if is_coming.is_some() { OfflineState::Preparing } else { OfflineState::Unable };
        }
        if registration.waiting().is_some() {
            return OfflineState::UpdateWaiting;
        }
        // One that unregistered itself (a server for developers hands it out) is active, and answers nothing.
        match registration.active() {
            Some(worker) if is_complete(&worker).await => OfflineState::Ready,
            _ => OfflineState::Unable,
        }
    }

    fn keep(&self, then: impl FnMut(Event) + 'static) -> JsValue {
        let then = OnEvent::new(then);
        let function = then.as_ref().clone();
        self.listeners.borrow_mut().push(then);
        function
    }
}
