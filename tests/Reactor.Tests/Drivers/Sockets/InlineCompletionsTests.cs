using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Xml.Linq;
using Reactor.Testing;

namespace Reactor.Tests.Drivers;

/// <summary>
/// The contract on the sockets driver as <c>tools/server</c> runs it: the runtime calls completions
/// straight from its one epoll thread. The switch is the process's and is read once, so the fixture
/// runs again in a process of its own.
/// </summary>
public class InlineCompletionsTests
{
    private const string InlineCompletions = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";
    private const string ThreadCount = "DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT";
    private const string InChild = "REACTOR_TEST_CHILD";

    /// <summary>Long for a machine under load: the fixture itself takes a few seconds.</summary>
    private static readonly TimeSpan s_childMax = TimeSpan.FromMinutes(3);

    private static bool IsChild => Environment.GetEnvironmentVariable(InChild) == "1";

    [Test]
    public void The_sockets_driver_keeps_the_contract_with_inline_completions()
    {
        if (IsChild)
        {
            Assert.Ignore("This is the child process.");
        }

        string results = Path.Combine(
            TestContext.CurrentContext.WorkDirectory, $"inline-{Environment.ProcessId}");
        try
        {
            string output = RunChild(results);
            XElement counters = XDocument.Load(Path.Combine(results, "inline.trx"))
                .Descendants().Single(element => element.Name.LocalName == "Counters");
            int passed = (int)counters.Attribute("passed")!;
            int failed = (int)counters.Attribute("failed")!;
            TestContext.Out.WriteLine($"with inline completions: {passed} passed, {failed} failed");
            Assert.That(failed, Is.Zero, output);
            Assert.That(passed, Is.GreaterThanOrEqualTo(30), output);
        }
        finally
        {
            Directory.Delete(results, recursive: true);
        }
    }

    [Test]
    public void Completions_pass_through_the_thread_pool_unless_they_are_inline()
    {
        bool isInline = Environment.GetEnvironmentVariable(InlineCompletions) == "1";
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.IPv6Loopback, 0));
        listener.Listen();
        using var arguments = new SocketAsyncEventArgs();
        using var done = new ManualResetEventSlim();
        bool isPoolThread = true;
        arguments.Completed += (_, _) =>
        {
            isPoolThread = Thread.CurrentThread.IsThreadPoolThread;
            done.Set();
        };
        Assert.That(listener.AcceptAsync(arguments), Is.True);
        using var client = new Socket(SocketType.Stream, ProtocolType.Tcp);
        client.Connect(listener.LocalEndPoint!);
        done.Wait();
        arguments.AcceptSocket!.Dispose();

        Assert.That(isPoolThread, Is.EqualTo(!isInline));
    }

    private static string RunChild(string results)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList =
            {
                "vstest",
                typeof(InlineCompletionsTests).Assembly.Location,
                "--TestCaseFilter:FullyQualifiedName~SocketsContractTests" +
                    "|FullyQualifiedName~unless_they_are_inline",
                "--logger:trx;LogFileName=inline.trx",
                $"--ResultsDirectory:{results}",
            },
        };
        start.Environment[InlineCompletions] = "1";
        start.Environment[ThreadCount] = "1";
        start.Environment[InChild] = "1";
        using ChildProcess child = ChildProcess.Start(start);
        ChildOutcome outcome = child.Finish(s_childMax);
        return outcome.Output + outcome.Errors;
    }
}
