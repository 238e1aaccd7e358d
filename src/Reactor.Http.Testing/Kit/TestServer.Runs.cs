using System.Runtime.CompilerServices;

namespace Reactor.Http.Testing;

/// <summary>
/// Running a test on the loop of its server: as a whole, or as a part of a test that uses the
/// server itself.
/// </summary>
// Priorities: an async lambda is a coroutine, as everywhere, and never an async void method.
public sealed partial class TestServer
{
    /// <summary>
    /// Runs a coroutine of the test to its end; everything else that is due runs meanwhile.
    /// </summary>
    /// <exception cref="InvalidOperationException">A loop runs on this thread.</exception>
    /// <exception cref="ForeignWaitException">Something waited for real time.</exception>
    [OverloadResolutionPriority(1)]
    public void Run(Func<Coroutine> test)
    {
        ArgumentNullException.ThrowIfNull(test);
        Run(() => test().Call);
    }

    /// <inheritdoc cref="Run(Func{Coroutine})"/>
    [OverloadResolutionPriority(1)]
    public T Run<T>(Func<Coroutine<T>> test)
    {
        ArgumentNullException.ThrowIfNull(test);
        ThrowIfEnded();
        TestRun.ThrowIfLoopRuns(nameof(Run), "await the coroutine there");
        return _run.Run(test(), "test");
    }

    /// <summary>
    /// The same for a plain async method, as of F# and Visual Basic: it is called on the loop, and
    /// each await returns there. An async lambda of C# is a coroutine.
    /// </summary>
    /// <inheritdoc cref="Run(Func{Coroutine})"/>
    public void Run(Func<Task> test)
    {
        ArgumentNullException.ThrowIfNull(test);
        Run(async Coroutine () => await test().OnLoop());
    }

    /// <inheritdoc cref="Run(Func{Task})"/>
    public T Run<T>(Func<Task<T>> test)
    {
        ArgumentNullException.ThrowIfNull(test);
        return Run(async Coroutine<T> () => await test().OnLoop());
    }

    /// <summary>
    /// A whole test: starts a server, runs the test with a client, shuts the server down, and
    /// checks that nothing is left behind. If the test itself throws, that exception is thrown, and
    /// <see cref="TestServerOptions.Output"/> gets the log and what is left.
    /// </summary>
    /// <param name="app">The outermost application.</param>
    /// <param name="test">The test; its client is disposed at the end.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="TestLeakException">Something is left behind.</exception>
    /// <exception cref="ForeignWaitException">Something waited for real time.</exception>
    /// <exception cref="InvalidOperationException">A loop runs on this thread.</exception>
    [OverloadResolutionPriority(1)]
    public static void Run(
        Application app, Func<TestClient, Coroutine> test, TestServerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(test);
        Whole(app, client => client.Server.Run(() => test(client).Call), options);
    }

    /// <returns>The result of the test.</returns>
    /// <inheritdoc cref="Run(Application, Func{TestClient, Coroutine}, TestServerOptions)"/>
    [OverloadResolutionPriority(1)]
    public static T Run<T>(
        Application app, Func<TestClient, Coroutine<T>> test, TestServerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(test);
        return Whole(app, client => client.Server.Run(() => test(client)), options);
    }

    /// <summary>
    /// The same for a plain async method, as of F# and Visual Basic: it is called on the loop, and
    /// each await returns there. An async lambda of C# is a coroutine.
    /// </summary>
    /// <inheritdoc cref="Run(Application, Func{TestClient, Coroutine}, TestServerOptions)"/>
    public static void Run(
        Application app, Func<TestClient, Task> test, TestServerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(test);
        Run(app, async Coroutine (client) => await test(client).OnLoop(), options);
    }

    /// <returns>The result of the test.</returns>
    /// <inheritdoc cref="Run(Application, Func{TestClient, Task}, TestServerOptions)"/>
    public static T Run<T>(
        Application app, Func<TestClient, Task<T>> test, TestServerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(test);
        return Run(app, async Coroutine<T> (client) => await test(client).OnLoop(), options);
    }

    /// <summary>
    /// The same for a synchronous test, which uses the synchronous members of the client and of its
    /// server. It is called on the test's thread, where no loop runs.
    /// </summary>
    /// <inheritdoc cref="Run(Application, Func{TestClient, Coroutine}, TestServerOptions)"/>
    [OverloadResolutionPriority(-1)]
    public static void Run(
        Application app, Action<TestClient> test, TestServerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(test);
        Whole(
            app,
            client =>
            {
                test(client);
                return default(Unit);
            },
            options);
    }

    private static T Whole<T>(
        Application app, Func<TestClient, T> test, TestServerOptions? options)
    {
        var server = new TestServer(app, options);
        T result;
        try
        {
            result = test(server.CreateClient());
        }
        catch (Exception error)
        {
            IReadOnlyList<string> leaks = server.FindLeaks();
            if (TestRun.MayFollowFromWait(error))
            {
                server._run.ThrowIfChance(error); // its end may have come in the shutdown only
            }

            server._run.Report(leaks);
            throw;
        }

        server.End(null);
        return result;
    }
}
