using System.Globalization;
using Reactor.Diagnostics;
using Reactor.Net;
using Reactor.Simulation;

namespace Reactor.Http.Testing;

/// <summary>
/// What is left of a test: before the server's end what the test itself began, after it what should
/// have ended. Each leak is one text.
/// </summary>
/// <remarks>The test's thread, while the loop does not run.</remarks>
internal sealed class LeakCheck(EventLoop loop, InMemoryDriver driver, HttpServer server)
{
    private readonly List<string> _leaks = [];
    private readonly HashSet<Future> _tasks = [];

    public IReadOnlyList<string> Leaks => _leaks;

    public void Add(string leak) => _leaks.Add(leak);

    /// <summary>Before the server's end: requests that it has not answered.</summary>
    public void FindRequests() => Count(
        server.Host.Connections.Count(connection => connection.IsAnswering),
        "requests that the server has not answered");

    /// <summary>After the server's end: what is left of tasks, sockets and memory.</summary>
    public void FindRemains()
    {
        foreach (Future task in loop.AllTasks().Cast<Future>())
        {
            if (_tasks.Add(task))
            {
                _leaks.Add($"a task that is still alive:\n{task.FormatCallGraph()}");
            }
        }

        Count(driver.WorkElsewhere, "functions on an executor that have not ended");
        Count(driver.OpenSockets, "open connections");
        Count(driver.OpenListeners, "open listeners");
        Count(BlockPool.Of(loop).RentedBlocks, "rented blocks of connections");
        if (server.Context.Budget is { } budget)
        {
            Count(budget.UsedBytes, "bytes of the memory for request bodies");
            Count(budget.Blocks.RentedBlocks, "rented blocks of request bodies");
        }
    }

    /// <summary>An error that the loop reported, unless it is of a task that is listed.</summary>
    public void AddError(LoopErrorContext error)
    {
        if (error.Future is not Future task || !_tasks.Contains(task))
        {
            _leaks.Add($"an error that the loop reported: {error.Message} {error.Exception}"
                .TrimEnd());
        }
    }

    /// <summary>A number of things of which none should be left.</summary>
    public void Count(long count, string what)
    {
        if (count > 0)
        {
            _leaks.Add(string.Create(CultureInfo.InvariantCulture, $"{what}: {count}"));
        }
    }
}
