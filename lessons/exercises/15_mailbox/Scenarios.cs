// What a mailbox is asked: when it wakes the loop, what a batch runs, and on which thread.
using Reactor.Learn;

public static class Scenarios
{
    public static IEnumerable<Scenario> All =>
    [
        new("Another thread's callback wakes the loop and runs on its thread", log =>
        {
            int loop = Environment.CurrentManagedThreadId;
            var mailbox = new Mailbox(() => log.Write("wake"));
            OnThreads(1, () => mailbox.Post(() =>
            {
                bool isLoop = Environment.CurrentManagedThreadId == loop;
                log.Write($"a runs on the {(isLoop ? "loop's" : "other")} thread");
            }));
            Batch(log, mailbox);
        })
        {
            Right = ["wake", "a runs on the loop's thread", "end of batch"],
            Wrong =
            {
                ["15.1"] = ["a runs on the loop's thread", "end of batch"],
                ["15.4"] = ["a runs on the other thread", "end of batch"],
            },
        },
        new("Three posts wake the loop once", log =>
        {
            var mailbox = new Mailbox(() => log.Write("wake"));
            foreach (string name in new[] { "a", "b", "c" })
            {
                mailbox.Post(() => log.Write(name));
                log.Write($"posted {name}");
            }
            Batch(log, mailbox);
        })
        {
            Right =
            [
                "wake", "posted a", "posted b", "posted c", "a", "b", "c", "end of batch",
            ],
            Wrong =
            {
                ["15.1"] = ["posted a", "posted b", "posted c", "a", "b", "c", "end of batch"],
                ["15.2"] =
                [
                    "wake", "posted a", "wake", "posted b", "wake", "posted c",
                    "a", "b", "c", "end of batch",
                ],
                ["15.4"] = ["a", "posted a", "b", "posted b", "c", "posted c", "end of batch"],
            },
        },
        new("A post after the batch wakes again", log =>
        {
            var mailbox = new Mailbox(() => log.Write("wake"));
            mailbox.Post(() => log.Write("a"));
            Batch(log, mailbox);
            mailbox.Post(() => log.Write("b"));
            Batch(log, mailbox);
        })
        {
            Right = ["wake", "a", "end of batch", "wake", "b", "end of batch"],
            Wrong =
            {
                ["15.1"] = ["a", "end of batch", "b", "end of batch"],
                ["15.4"] = ["a", "end of batch", "b", "end of batch"],
                ["15.6"] = ["wake", "a", "end of batch", "b", "end of batch"],
            },
        },
        new("The loop may run the batch as soon as it is woken", log =>
        {
            Mailbox mailbox = null!;
            mailbox = new Mailbox(() =>
            {
                log.Write("wake");
                Batch(log, mailbox);
            });
            mailbox.Post(() => log.Write("a"));
            log.Write("posted");
        })
        {
            Right = ["wake", "a", "end of batch", "posted"],
            Wrong =
            {
                ["15.1"] = ["posted"],
                ["15.4"] = ["a", "posted"],
                ["15.5"] = ["wake", "end of batch", "posted"],
            },
        },
        new("What a callback posts runs in the next batch, and wakes", log =>
        {
            var mailbox = new Mailbox(() => log.Write("wake"));
            mailbox.Post(() => log.Write("a"));
            Batch(log, mailbox);
            mailbox.Post(() =>
            {
                log.Write("b");
                mailbox.Post(() => log.Write("c"));
            });
            Batch(log, mailbox);
            Batch(log, mailbox);
        })
        {
            Right =
            [
                "wake", "a", "end of batch", "wake", "b", "wake", "end of batch",
                "c", "end of batch",
            ],
            Wrong =
            {
                ["15.1"] = ["a", "end of batch", "b", "end of batch", "c", "end of batch"],
                ["15.4"] = ["a", "end of batch", "b", "c", "end of batch", "end of batch"],
                ["15.6"] = ["wake", "a", "end of batch", "b", "end of batch", "c", "end of batch"],
                ["15.7"] =
                [
                    "wake", "a", "end of batch", "wake", "b", "end of batch",
                    "c", "end of batch",
                ],
                ["15.8"] =
                [
                    "wake", "a", "end of batch", "wake", "b", "wake", "c", "end of batch",
                    "end of batch",
                ],
            },
        },
        new("The loop's own thread asks, and goes on", log =>
        {
            var mailbox = new Mailbox(() => { });
            Task<string> answer = mailbox.AskAsync(() => "42");
            log.Write(Describe(answer));
            Batch(log, mailbox);
            Settle(answer);
            log.Write(Describe(answer));
        })
        {
            Right = ["no answer", "end of batch", "answer 42"],
            Wrong =
            {
                ["15.3"] = ["(endless)"],
                ["15.4"] = ["answer 42", "end of batch", "answer 42"],
            },
            Limit = TimeSpan.FromSeconds(2),
        },
        new("The exception of a question belongs to the asker", log =>
        {
            var mailbox = new Mailbox(() => { });
            Task<string> answer = mailbox.AskAsync(() => throw new IOException());
            log.Write(Describe(answer));
            Batch(log, mailbox);
            Settle(answer);
            log.Write(Describe(answer));
        })
        {
            Right = ["no answer", "end of batch", "failed"],
            Wrong =
            {
                ["15.3"] = ["(endless)"],
                ["15.4"] = ["failed", "end of batch", "failed"],
                ["15.9"] = ["no answer", "(IOException)"],
            },
            Limit = TimeSpan.FromSeconds(2),
        },
        new("Four threads post 1,000 callbacks each: none is lost", log =>
        {
            int ran = 0;
            var mailbox = new Mailbox(() => { });
            OnThreads(4, () =>
            {
                for (int i = 0; i < 1000; i++)
                {
                    mailbox.Post(() => Interlocked.Increment(ref ran));
                }
            });
            mailbox.RunBatch();
            log.Write($"callbacks: {ran}");
        })
        {
            Right = ["callbacks: 4000"],
        },
    ];

    private static void Batch(Log log, Mailbox mailbox)
    {
        mailbox.RunBatch();
        log.Write("end of batch");
    }

    // An AskAsync that is an async method completes its task on the thread pool, soon after the
    // batch. The wait neither throws nor reads the outcome.
    private static void Settle(Task<string> answer) =>
        ((IAsyncResult)answer).AsyncWaitHandle.WaitOne(TimeSpan.FromSeconds(1.5));

    private static string Describe(Task<string> answer) => answer.Status switch
    {
        TaskStatus.RanToCompletion => $"answer {answer.Result}",
        TaskStatus.Faulted => "failed",
        _ => "no answer",
    };

    // Returns when all threads have ended; a failure on one of them fails the scenario.
    private static void OnThreads(int count, Action work)
    {
        Exception? failure = null;
        List<Thread> threads = Enumerable.Range(0, count).Select(_ => new Thread(Guarded)).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        if (failure is not null)
        {
            throw failure;
        }

        void Guarded()
        {
            try
            {
                work();
            }
            catch (Exception e)
            {
                failure = e;
            }
        }
    }
}
