using Reactor.Net;

namespace Reactor.Http.Testing;

/// <summary>
/// The end of a test: notes what the test has left, ends clients and server in virtual time, notes
/// what has not ended, and closes the loop.
/// </summary>
/// <remarks>The test's thread, once.</remarks>
internal sealed class TestEnd(
    TestRun run, HttpServer server, LoopServer listener, IReadOnlyList<TestClient> clients)
{
    /// <summary>
    /// Virtual time for the end; more than a server with the default options may take, and finite,
    /// so that something is always left to happen.
    /// </summary>
    private static readonly TimeSpan s_endMax = TimeSpan.FromDays(1);

    /// <summary>How often the end looks whether the network is empty.</summary>
    private static readonly TimeSpan s_networkStep = TimeSpan.FromMilliseconds(10);

    private readonly LeakCheck _check = new(run.Loop, run.Driver, server);

    /// <summary>Returns what was left behind, as text.</summary>
    public IReadOnlyList<string> Run()
    {
        EventLoop loop = run.Loop;
        run.Watch.IsEnding = true;
        try
        {
            loop.RunUntilComplete(EndAsync());
        }
        catch (Exception error)
        {
            _check.Add($"the shutdown failed: {error}");
        }

        FindRemains();
        loop.Close(); // it reports exceptions that nothing has retrieved
        foreach (LoopErrorContext error in run.Errors)
        {
            _check.AddError(error);
        }

        return _check.Leaks;
    }

    private void FindUnanswered()
    {
        foreach (TestClient client in clients)
        {
            client.FindOpen(_check);
        }

        _check.FindRequests();
    }

    private void FindRemains()
    {
        _check.FindRemains();
        foreach (TestClient client in clients)
        {
            client.FindRemains(_check);
        }
    }

    private async Coroutine EndAsync()
    {
        await run.AdvanceAsync(TimeSpan.Zero); // what ends at this moment has not been left
        FindUnanswered();
        foreach (Future unfinished in run.Unfinished)
        {
            unfinished.Cancel();
        }

        LoopTask end = run.Loop.CreateTask(EndAllAsync(), "end of the test");
        await EventLoop.Wait([end], timeout: s_endMax);
        if (!end.IsDone)
        {
            end.Cancel();
            _check.Add($"the shutdown did not end within {s_endMax} of virtual time");
            return;
        }

        await end;
    }

    private async Coroutine EndAllAsync()
    {
        foreach (TestClient client in clients)
        {
            await client.EndAsync();
        }

        await server.ShutdownAsync(listener);
        await run.AdvanceAsync(TimeSpan.Zero);

        // A close that is under way ends when the delayed end of its peer's stream arrives.
        while (run.Driver.PendingEvents > 0)
        {
            await run.AdvanceAsync(s_networkStep);
        }
    }
}
