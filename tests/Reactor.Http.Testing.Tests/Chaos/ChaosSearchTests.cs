using Reactor.Simulation;
using Reactor.Sync;
using Reactor.Testing;

namespace Reactor.Http.Testing.Tests.Chaos;

/// <summary>The search itself: its limits, its message, and runs that are not repeatable.</summary>
public class ChaosSearchTests
{
    private static readonly Func<Application> s_make = () =>
    {
        var app = new Application();
        app.Get("/", _ => Response.Text("x"));
        return app;
    };

    [Test]
    public void Without_a_failure_all_seeds_are_tried()
    {
        int runs = 0;
        ChaosResult result = ChaosSearch.Run(
            s_make,
            async client =>
            {
                runs++;
                await Ask(client);
            },
            new ChaosOptions { SeedsMax = 200, FirstSeed = 17 });

        Assert.That(runs, Is.EqualTo(200));
        Assert.That((result.Seeds, result.FirstSeed), Is.EqualTo((200, 17)));
        Assert.That(result.ToString(), Does.StartWith("no failure in 200 seeds from 17, in "));
    }

    [Test]
    public void The_time_limit_ends_the_search()
    {
        ChaosResult result =
            ChaosSearch.Run(s_make, Ask, new ChaosOptions { TimeLimit = TimeSpan.FromTicks(1) });

        Assert.That(result.Seeds, Is.EqualTo(1));
        Assert.That(result.ToString(), Does.StartWith("no failure in 1 seeds"));
    }

    [Test]
    public void A_scenario_that_fails_without_faults_is_said_to()
    {
        ChaosException found = Find(async client =>
        {
            await Ask(client);
            throw new InvalidOperationException("always");
        });

        Assert.That(found.Faults, Is.Empty);
        Assert.That(found.SeedsTried, Is.EqualTo(1));
        Assert.That(found.Recipe, Is.EqualTo($"seed {found.Seed}"));
        Assert.That(found.Message, Does.Contain("It fails without any fault."));
        Assert.That(found.Message, Does.Contain("System.InvalidOperationException: always"));
        Assert.That(found.InnerException, Is.TypeOf<InvalidOperationException>());
    }

    /// <summary>
    /// Whatever a seed plans: what had no effect is not in the list, and must not be missed when
    /// the list is repeated. With the first seed a client would have left after its end.
    /// </summary>
    [Test]
    public void Each_seed_is_repeated_exactly_by_the_list_of_its_faults()
    {
        int first = TestSeed.Next();
        foreach (int seed in Enumerable.Range(first, 100).Prepend(556011888))
        {
            ChaosException found = Find(
                async client =>
                {
                    await Ask(client);
                    throw new InvalidOperationException("always");
                },
                seed);

            Assert.That(found.IsDeterministic, found.Message);
            Assert.That(found.Recipe, Is.EqualTo($"seed {seed}"));
        }
    }

    [Test]
    public void The_same_seeds_give_the_same_failure()
    {
        int seed = TestSeed.Next();
        string[] messages =
            [.. Enumerable.Range(0, 2).Select(_ => Find(FailIfSlow, seed).Message)];

        Assert.That(messages[1], Is.EqualTo(messages[0]));
        Assert.That(messages[0], Does.Contain("The faults without which it does not fail (1 of "));
        Assert.That(messages[0], Does.Match(@"\* [\d.]+ s: connection 1: .* ms later"));
    }

    [Test]
    public void A_failure_with_too_many_faults_is_said_to_be_one()
    {
        ChaosException found = Assert.Throws<ChaosException>(() => ChaosSearch.Run(
            s_make, FailIfSlow, new ChaosOptions { FaultsMax = 0, Kinds = ChaosFaults.Delays }))!;

        Assert.That(found.Faults, Has.Count.EqualTo(1));
        Assert.That(found.Message, Does.Contain("It could not be shrunk to 0 faults."));
        Assert.That(found.Message, Does.Contain("makeApplication, scenario, options);"));
    }

    [Test]
    public void A_leak_is_a_failure()
    {
        ChaosException found = Find(async client =>
        {
            await Ask(client);
            EventLoop.Spawn(EventLoop.Delay(Timeout.InfiniteTimeSpan, CancellationToken.None));
        });

        Assert.That(found.InnerException, Is.TypeOf<TestLeakException>());
    }

    [Test]
    public void An_error_that_the_loop_reports_is_a_failure()
    {
        ChaosException found = Find(async client =>
        {
            await Ask(client);
            EventLoop.Current.CallSoon(() => throw new InvalidOperationException("lost"));
            await EventLoop.Yield();
        });

        Assert.That(found.InnerException, Is.TypeOf<TestLeakException>());
        Assert.That(found.Message, Does.Contain("lost"));
    }

    [Test]
    public void A_scenario_that_never_ends_is_a_failure_that_names_its_wait()
    {
        ChaosException found = Find(async client =>
        {
            await Ask(client);
            await new AsyncEvent().WaitAsync();
        });

        Assert.That(found.InnerException, Is.TypeOf<TimeoutException>());
        Assert.That(found.Message, Does.Contain("1.00:00:00").And.Contain("It waits:"));
    }

    [Test]
    public void A_scenario_that_takes_too_much_real_time_is_a_failure_that_names_its_wait()
    {
        ChaosException found = Assert.Throws<ChaosException>(() => ChaosSearch.Run(
            s_make,
            static async client =>
            {
                while (true)
                {
                    await client.AdvanceAsync(TimeSpan.FromMilliseconds(1));
                }
            },
            new ChaosOptions
            {
                TimeLimit = TimeSpan.FromTicks(1),
                ScenarioTimeMax = TimeSpan.MaxValue,
            }))!;

        Assert.That(found.InnerException, Is.InstanceOf<TimeoutException>());
        Assert.That(found.IsDeterministic);
        Assert.That(found.Message, Does.Contain("of real time").And.Contain("It waits:"));
    }

    [Test]
    public void The_failure_with_all_faults_is_named_if_a_smaller_one_has_the_same_type()
    {
        ChaosException found = Assert.Throws<ChaosException>(() => ChaosSearch.Run(
            s_make,
            static async client =>
            {
                await Ask(client);
                if (client.Server.Time > TimeSpan.Zero)
                {
                    throw new InvalidOperationException(
                        client.Server.Time > TimeSpan.FromMilliseconds(1) ? "severe" : "trivial");
                }
            },
            new ChaosOptions { Kinds = ChaosFaults.Delays, FirstSeed = 1 }))!;

        Assert.That(found.InnerException!.Message, Is.EqualTo("trivial"));
        Assert.That(found.Message, Does.Contain(
            "With all of its faults it fails with: System.InvalidOperationException: severe"));
    }

    [Test]
    public void A_failure_that_does_not_come_again_is_not_deterministic()
    {
        int runs = 0;
        ChaosException found = Find(async client =>
        {
            await Ask(client);
            if (++runs == 3)
            {
                throw new InvalidOperationException("the third");
            }
        });

        Assert.That(found.IsDeterministic, Is.False);
        Assert.That(found.SeedsTried, Is.EqualTo(3));
        Assert.That(found.Message, Does.Contain("The test is not deterministic"));
        Assert.That(found.Message, Does.Contain("no failure"));
        Assert.That(found.Message, Does.Not.Contain("Replay"));
    }

    [Test]
    public void A_wait_for_real_time_is_named()
    {
        ChaosException found = Find(async client =>
        {
            await Ask(client);
            await Task.Delay(1);
        });

        Assert.That(found.IsDeterministic, Is.False);
        Assert.That(found.Message, Does.Contain("The test is not deterministic"));
        Assert.That(found.Message, Does.Contain(nameof(A_wait_for_real_time_is_named)));
    }

    [Test]
    public void Assertions_of_the_runs_are_not_listed_by_the_test_framework()
    {
        using var context = new NUnit.Framework.Internal.TestExecutionContext.IsolatedContext();
        ChaosException? found = null;
        try
        {
            ChaosSearch.Run(s_make, async client =>
            {
                TimeSpan start = client.Server.Time;
                await Ask(client);
                Assert.That(client.Server.Time - start, Is.LessThan(TimeSpan.FromMilliseconds(50)));
            });
        }
        catch (ChaosException error)
        {
            // Not by Assert.Throws, which isolates assertions itself.
            found = error;
        }

        int noted = NUnit.Framework.Internal.TestExecutionContext.CurrentContext.CurrentResult
            .AssertionResults.Count;
        Assert.That(found?.InnerException, Is.TypeOf<AssertionException>());
        Assert.That(noted, Is.Zero);
    }

    [Test]
    public void No_run_and_no_replay_sees_an_ambient_value_of_the_test()
    {
        var tenant = new AsyncLocal<string?> { Value = "ann" };
        var seen = new HashSet<string?>();
        ChaosException found = Find(async client =>
        {
            seen.Add(tenant.Value);
            await Ask(client);
            seen.Add(tenant.Value);
            throw new InvalidOperationException("always");
        });
        ChaosSearch.Replay(found.Recipe, s_make, async client =>
        {
            seen.Add(tenant.Value);
            await Ask(client);
        });

        Assert.That(seen, Is.EqualTo(new string?[] { null }));
    }

    [Test]
    public void A_replay_that_does_not_fail_returns() => ChaosSearch.Replay(
        "seed 1 delay@1=10ms split@1=1", s_make, Ask);

    [Test]
    public void Inside_a_loop_it_says_where_to_call_it()
    {
        using var loop = new EventLoop(new EventLoopOptions { Driver = new InMemoryDriver() });
        Assert.That(
            () => loop.RunUntilComplete(Search()),
            Throws.InvalidOperationException.With.Message.Contains("outside of the loop"));

        async Coroutine Search()
        {
            await EventLoop.Yield();
            ChaosSearch.Run(s_make, Ask);
        }
    }

    [Test]
    public void Seeds_draw_every_subset_of_the_kinds_but_the_empty_one()
    {
        var subsets = new HashSet<ChaosFaults>();
        for (int seed = 0; seed < 1000; seed++)
        {
            FaultPlan plan = ChaosPlan.Make(seed, ChaosFaults.All);
            subsets.Add(
                (plan.ResetChance > 0 ? ChaosFaults.Resets : 0)
                | (plan.SplitChance > 0 ? ChaosFaults.Splits : 0)
                | (plan.DelayChance > 0 ? ChaosFaults.Delays : 0)
                | (plan.DisconnectChance > 0 ? ChaosFaults.Disconnects : 0));
            Assert.That(ChaosPlan.Make(seed, ChaosFaults.Resets).ResetChance, Is.Positive);
            plan = ChaosPlan.Make(seed, ChaosFaults.None);
            Assert.That(
                plan.ResetChance + plan.SplitChance + plan.DelayChance + plan.DisconnectChance,
                Is.Zero);
        }

        Assert.That(subsets, Has.Count.EqualTo(15));
    }

    private static ChaosException Find(Func<TestClient, Coroutine> scenario, int? seed = null) =>
        Assert.Throws<ChaosException>(
            () => ChaosSearch.Run(s_make, scenario, new ChaosOptions { FirstSeed = seed }))!;

    private static async Coroutine FailIfSlow(TestClient client)
    {
        TimeSpan start = client.Server.Time;
        await Ask(client);
        if (client.Server.Time - start >= TimeSpan.FromMilliseconds(50))
        {
            throw new InvalidOperationException("slow");
        }
    }

    private static async Coroutine Ask(TestClient client)
    {
        try
        {
            using ClientResponse response = await client.GetAsync("/");
            await response.ReadAsync();
        }
        catch (ClientException)
        {
            // A fault of the network.
        }
    }
}
