// What a timeout and a group are asked, on one thread and on a clock that the scenario moves.
using Reactor.Learn;

public static class Scenarios
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMilliseconds(100);

    public static IEnumerable<Scenario> All =>
    [
        Make("Work that ends in time gives its value", run =>
        {
            run.Watch(run.Timeout(token => run.WorkAsync("work", token, lasts: 50)));
            run.Advance(200);
        })
        .With(right: ["50: work is done", "50: value"]),
        Make("Work that does not end in time is cancelled", run =>
        {
            run.Watch(run.Timeout(token => run.WorkAsync("work", token, lasts: 150)));
            run.Advance(200);
        })
        .With(
            right: ["100: work is cancelled", "100: timeout"],
            ("14.1", ["100: timeout", "150: work is done"]),
            ("14.2", ["100: timeout", "100: work is cancelled"])),
        Make("The timeout waits until the work has cleaned up", run =>
        {
            run.Watch(run.Timeout(token =>
                run.WorkAsync("work", token, lasts: 500, cleanup: 20)));
            run.Advance(200);
        })
        .With(
            right: ["100: work is cancelled", "120: work has cleaned up", "120: timeout"],
            ("14.1", ["100: timeout"]),
            ("14.2",
            [
                "100: timeout", "100: work is cancelled", "120: work has cleaned up",
            ])),
        Make("The caller's cancellation is not a timeout", run =>
        {
            run.Watch(run.Timeout(token => run.WorkAsync("work", token, lasts: 500)));
            run.Advance(50);
            run.Cancel();
            run.Advance(100);
        })
        .With(
            right: ["50: work is cancelled", "50: cancelled"],
            ("14.3", ["50: work is cancelled", "50: timeout"])),
        Make("Work that gives a value in spite of the cancellation: the value", run =>
        {
            run.Watch(run.Timeout(token =>
                run.WorkAsync("work", token, lasts: 150, ignoresCancel: true)));
            run.Advance(200);
        })
        .With(
            right: ["100: work is cancelled", "100: value"],
            ("14.1", ["100: timeout", "150: work is done"]),
            ("14.2", ["100: timeout", "100: work is cancelled"])),
        Make("The failure of the work passes", run =>
        {
            run.Watch(run.Timeout(token =>
                run.WorkAsync("work", token, lasts: 50, fails: true)));
            run.Advance(200);
        })
        .With(right: ["50: work fails", "50: failure of work"]),
        Make("A group ends when all its works are done", run =>
        {
            run.Watch(run.Group(
                token => run.WorkAsync("a", token, lasts: 30),
                token => run.WorkAsync("b", token, lasts: 60)));
            run.Advance(200);
        })
        .With(right: ["30: a is done", "60: b is done", "60: group is done"]),
        Make("The first failure cancels the siblings", run =>
        {
            run.Watch(run.Group(
                token => run.WorkAsync("a", token, lasts: 30, fails: true),
                token => run.WorkAsync("b", token, lasts: 60)));
            run.Advance(200);
        })
        .With(
            right: ["30: a fails", "30: b is cancelled", "30: failure of a"],
            ("14.4", ["30: a fails", "60: b is done", "60: failure of a"]),
            ("14.6", ["30: a fails", "30: failure of a", "30: b is cancelled"])),
        Make("A failed group waits until its siblings have cleaned up", run =>
        {
            run.Watch(run.Group(
                token => run.WorkAsync("a", token, lasts: 30, fails: true),
                token => run.WorkAsync("b", token, lasts: 60, cleanup: 20)));
            run.Advance(200);
        })
        .With(
            right:
            [
                "30: a fails", "30: b is cancelled", "50: b has cleaned up", "50: failure of a",
            ],
            ("14.4", ["30: a fails", "60: b is done", "60: failure of a"]),
            ("14.6",
            [
                "30: a fails", "30: failure of a", "30: b is cancelled", "50: b has cleaned up",
            ])),
        Make("The caller's cancellation passes through a group", run =>
        {
            run.Watch(run.Group(token => run.WorkAsync("a", token, lasts: 500)));
            run.Advance(50);
            run.Cancel();
            run.Advance(100);
        })
        .With(
            right: ["50: a is cancelled", "50: cancelled"],
            ("14.5", ["50: a is cancelled", "50: group is done"])),
    ];

    private static (string Title, Action<Log> Run) Make(string title, Action<Run> script) =>
        (title, log => new Run(log).Play(script));

    private static Scenario With(
        this (string Title, Action<Log> Run) made,
        string[] right,
        params ReadOnlySpan<(string Number, string[] Lines)> wrong)
    {
        var scenario = new Scenario(made.Title, made.Run) { Right = right };
        foreach ((string number, string[] lines) in wrong)
        {
            scenario.Wrong[number] = lines;
        }
        return scenario;
    }

    /// One scenario: its clock, its queue of callbacks, the token of its caller.
    private sealed class Run(Log log) : SynchronizationContext
    {
        private readonly Queue<Action> _ready = new();
        private readonly ScriptClock _clock = new();
        private readonly CancellationTokenSource _caller = new();

        // Every await of the scenario resumes through this queue, on this thread.
        public override void Post(SendOrPostCallback callback, object? state) =>
            _ready.Enqueue(() => callback(state));

        public void Play(Action<Run> script)
        {
            SynchronizationContext? before = Current;
            SetSynchronizationContext(this);
            try
            {
                script(this);
            }
            finally
            {
                SetSynchronizationContext(before);
            }
        }

        public void Cancel()
        {
            _caller.Cancel();
            RunReady();
        }

        public void Advance(int milliseconds)
        {
            for (int i = 0; i < milliseconds; i++)
            {
                RunReady();
                _clock.AdvanceOneMillisecond();
                RunReady();
            }
        }

        public Task<string> Timeout(Func<CancellationToken, Task<string>> work) =>
            Cancellation.WithTimeoutAsync(work, s_limit, _clock, _caller.Token);

        public async Task<string> Group(params Func<CancellationToken, Task>[] works)
        {
            await Cancellation.GroupAsync(_caller.Token, works);
            return "group is done";
        }

        public async void Watch(Task<string> task)
        {
            try
            {
                Note(await task);
            }
            catch (TimeoutException)
            {
                Note("timeout");
            }
            catch (OperationCanceledException)
            {
                Note("cancelled");
            }
            catch (IOException e)
            {
                Note($"failure of {e.Message}");
            }
        }

        public async Task<string> WorkAsync(
            string name,
            CancellationToken token,
            int lasts,
            int cleanup = 0,
            bool fails = false,
            bool ignoresCancel = false)
        {
            try
            {
                await Task.Delay(TimeSpan.FromMilliseconds(lasts), _clock, token);
                Note($"{name} {(fails ? "fails" : "is done")}");
                return fails ? throw new IOException(name) : "value";
            }
            catch (OperationCanceledException)
            {
                Note($"{name} is cancelled");
                if (cleanup > 0)
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(cleanup), _clock);
                    Note($"{name} has cleaned up");
                }
                if (ignoresCancel)
                {
                    return "value";
                }
                throw;
            }
        }

        private void Note(string text) => log.Write($"{_clock.Now}: {text}");

        private void RunReady()
        {
            while (_ready.TryDequeue(out Action? callback))
            {
                callback();
            }
        }
    }

    /// A clock that stands still until the script moves it by a millisecond.
    private sealed class ScriptClock : TimeProvider
    {
        private readonly List<ScriptTimer> _timers = [];

        public long Now { get; private set; }

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => Now;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddMilliseconds(Now);

        public override ITimer CreateTimer(
            TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = new ScriptTimer(this, () => callback(state));
            timer.Change(dueTime, period);
            _timers.Add(timer);
            return timer;
        }

        public void AdvanceOneMillisecond()
        {
            Now++;
            foreach (ScriptTimer timer in _timers.ToArray())
            {
                timer.FireIfDue();
            }
        }

        private sealed class ScriptTimer(ScriptClock clock, Action fire) : ITimer
        {
            private long? _due;

            public bool Change(TimeSpan dueTime, TimeSpan period)
            {
                bool isStopped = dueTime < TimeSpan.Zero;
                _due = isStopped ? null : clock.Now + (long)dueTime.TotalMilliseconds;
                return true;
            }

            public void FireIfDue()
            {
                if (_due <= clock.Now)
                {
                    _due = null;
                    fire();
                }
            }

            public void Dispose() => clock._timers.Remove(this);

            public ValueTask DisposeAsync()
            {
                Dispose();
                return default;
            }
        }
    }
}
