//! Nanoseconds of CPU an operation on tokio, with its runtime of one thread. Prints one line an
//! operation, its name and the figure with a tab between; `loops` of Reactor.Bench builds and runs
//! this. tokio has no callbacks to queue, so that line is missing. Recursive awaits are boxed: the
//! language has no other.

use std::future::{poll_fn, Future};
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::{mpsc, oneshot};

const CHAIN: u64 = 1_000_000;
const TASKS: u64 = 200_000;
const TRIPS: u64 = 300_000;
const DEPTH: u64 = 500;

fn cpu() -> f64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    let failed = unsafe { libc::clock_gettime(libc::CLOCK_PROCESS_CPUTIME_ID, &mut time) };
    assert_eq!(failed, 0);
    time.tv_sec as f64 * 1e9 + time.tv_nsec as f64
}

fn timed(on: &Runtime, name: &str, operations: u64, run: impl Future<Output = ()>) {
    let start = cpu();
    on.block_on(run);
    println!("{}\t{:.1}", name, (cpu() - start) / operations as f64);
}

async fn task_switch() {
    let tasks: Vec<_> = (0..CHAIN / 1000)
        .map(|_| {
            tokio::spawn(async {
                for _ in 0..1000 {
                    tokio::task::yield_now().await;
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
}

async fn create_task() {
    let tasks: Vec<_> = (0..TASKS).map(|_| tokio::spawn(async {})).collect();
    for task in tasks {
        task.await.unwrap();
    }
}

fn down(n: u64, waits: bool) -> Pin<Box<dyn Future<Output = u64>>> {
    Box::pin(async move {
        if n > 0 {
            return down(n - 1, waits).await;
        }
        if waits {
            tokio::task::yield_now().await;
        }
        0
    })
}

async fn nested_await(waits: bool) {
    for _ in 0..CHAIN / DEPTH {
        assert_eq!(down(DEPTH, waits).await, 0);
    }
}

/// A timer is armed by its first poll, and cancelled by being dropped.
async fn call_later_and_cancel() {
    let mut timers = Vec::with_capacity(CHAIN as usize);
    for i in 0..CHAIN {
        let mut timer = Box::pin(tokio::time::sleep(Duration::from_secs(1000 + i % 997)));
        poll_fn(|context| {
            assert!(timer.as_mut().poll(context).is_pending());
            Poll::Ready(())
        })
        .await;
        timers.push(timer);
    }
    drop(timers);
}

async fn future_round_trip() {
    let (ask, mut asked) = mpsc::unbounded_channel::<oneshot::Sender<u64>>();
    let answering = tokio::spawn(async move {
        while let Some(answer) = asked.recv().await {
            answer.send(1).unwrap();
        }
    });
    for _ in 0..TRIPS {
        let (answer, future) = oneshot::channel();
        ask.send(answer).unwrap();
        future.await.unwrap();
    }
    drop(ask);
    answering.await.unwrap();
}

async fn queue_put_and_get() {
    let (put, mut get) = mpsc::channel(100);
    let putting = tokio::spawn(async move {
        for i in 0..TRIPS {
            put.send(i).await.unwrap();
        }
    });
    for _ in 0..TRIPS {
        get.recv().await.unwrap();
    }
    putting.await.unwrap();
}

fn main() {
    let on = Builder::new_current_thread().enable_time().build().unwrap();
    timed(&on, "task switch", CHAIN, task_switch());
    timed(&on, "create and finish a task", TASKS, create_task());
    timed(&on, "nested await", CHAIN, nested_await(false));
    timed(&on, "nested await that waits", CHAIN, nested_await(true));
    timed(&on, "call_later + cancel", CHAIN, call_later_and_cancel());
    timed(&on, "future round trip", TRIPS, future_round_trip());
    timed(&on, "queue put + get", TRIPS, queue_put_and_get());
}
