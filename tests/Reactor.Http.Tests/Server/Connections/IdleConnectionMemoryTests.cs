using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;
using Reactor.Drivers;
using Reactor.Net;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// What an idle connection consists of, object by object: exactly what docs/memory.md says, with
/// the bytes that it says. Nothing rented is among it.
/// </summary>
/// <remarks>
/// Asked of the heap: what can be reached from the server while one connection more is idle, less
/// what could be reached before it came. The loop runs a turn at a time, on a thread without the
/// test framework's execution context: through that its own lists, which change, could be reached.
/// </remarks>
[Category("Measured")]
public sealed partial class IdleConnectionMemoryTests
{
    /// <summary>Enough that every pool has what it keeps, and no list grows meanwhile.</summary>
    private const int WarmUps = 20;

    /// <summary>More connections than frames of a method are kept.</summary>
    private const int Held = 520;

    [Test]
    public void It_is_made_of_the_objects_in_the_table_and_no_others(
        [Values("epoll", "sockets")] string driver)
    {
        RequireWhatTheTableIsOf();
        (string Name, long Bytes)[] found =
        [
            .. NewWithOneMore(driver).Where(IsOurs)
                .Select(type => (Name: ObjectGraph.NameOf(type), Bytes: ObjectGraph.BytesOf(type)))
                .Order(),
        ];
        Assert.That(found, Is.EqualTo(Table(driver).Where(row => row.IsOurs)
            .Select(row => (row.Name, row.Bytes)).Order()));
    }

    [Test]
    public void On_epoll_nothing_of_the_runtime_stands_behind_it()
    {
        RequireWhatTheTableIsOf();
        Assert.That(NewWithOneMore("epoll").Where(type => !IsOurs(type)), Is.Empty);
    }

    [Test]
    public void On_sockets_the_runtime_adds_what_the_table_says()
    {
        RequireWhatTheTableIsOf();
        Assert.That(
            NewWithOneMore("sockets").Where(type => !IsOurs(type))
                .Select(ObjectGraph.NameOf).Order(),
            Is.EqualTo(Table("sockets").Where(row => !row.IsOurs).Select(row => row.Name).Order()));
    }

    [Test]
    public void The_sum_is_the_sum_of_the_rows([Values("epoll", "sockets")] string driver)
    {
        long stated = Bytes(SumRow().Match(Section(driver)).Groups["bytes"].Value);
        Assert.That(Table(driver).Sum(row => row.Bytes), Is.EqualTo(stated));
    }

    [Test]
    public void It_holds_no_block_no_exchange_and_no_timer_but_itself()
    {
        using var server = new ServerFixture(app => app.OnGet("/", _ => Response.Text("hello")));
        server.Ask(ServerFixture.Get("/")); // what the server itself needs is there now
        int timers = server.ArmedTimers;
        server.Ask(ServerFixture.Get("/"));

        OpenConnection idle = server.Http.Host.Connections.Last();
        Assert.That((server.Http.ConnectionCount, idle.IsBusy), Is.EqualTo((2, false)));
        Assert.That(idle.HasExchange, Is.False);
        Assert.That(server.RentedBlocks, Is.Zero);
        Assert.That(server.ArmedTimers - timers, Is.EqualTo(1), "its own entry in the queue");
    }

    /// <summary>What one connection more has added, once it is idle.</summary>
    private static Type[] NewWithOneMore(string driver)
    {
        using (ExecutionContext.SuppressFlow())
        {
            return Task.Run(() => AddOne(driver)).GetAwaiter().GetResult();
        }
    }

    private static Type[] AddOne(string driver)
    {
        var application = new Application();
        application.OnGet("/", _ => Response.Text("hello"));
        HttpServer http = application.MakeHandler();
        using var loop = new EventLoop(
            new EventLoopOptions { Driver = LoopDrivers.Create(driver) });
        LoopServer server = loop.CreateServer(http, [new IPEndPoint(IPAddress.Loopback, 0)]);
        for (int i = 0; i < WarmUps; i++)
        {
            using (Socket warm = AskOnce(loop, server))
            {
            }

            RunUntil(loop, () => http.ConnectionCount == 0);
        }

        // These take what is kept for later, frames among it: the one that comes next has its own.
        Socket[] held = [.. Enumerable.Range(0, Held).Select(_ => AskOnce(loop, server))];
        HashSet<object> before = ObjectGraph.Of(loop, http);
        using Socket client = AskOnce(loop, server);
        HashSet<object> after = ObjectGraph.Of(loop, http);
        after.ExceptWith(before);
        loop.RunUntilComplete(http.ShutdownAsync(server));
        Array.ForEach(held, one => one.Dispose());
        return [.. after.Select(one => one.GetType())];
    }

    private static Socket AskOnce(EventLoop loop, LoopServer server)
    {
        var client = new Socket(SocketType.Stream, ProtocolType.Tcp);
        client.Connect(server.EndPoints[0]);
        client.Send(Encoding.ASCII.GetBytes(ServerFixture.Get("/")));
        RunUntil(loop, () => client.Poll(0, SelectMode.SelectRead));
        client.Receive(new byte[4096]);
        return client;
    }

    // A turn waits for something to happen, and what is waited for here is on its way.
    private static void RunUntil(EventLoop loop, Func<bool> isTrue)
    {
        while (!isTrue())
        {
            loop.RunOnce();
        }
    }

    private static bool IsOurs(Type type) =>
        type.Assembly == typeof(EventLoop).Assembly || type.Assembly == typeof(Request).Assembly;

    private static void RequireWhatTheTableIsOf()
    {
        bool isDebugBuild = typeof(HttpServer).Assembly
            .GetCustomAttributes(typeof(DebuggableAttribute), inherit: false)
            .Cast<DebuggableAttribute>()
            .Any(attribute => attribute.IsJITOptimizerDisabled);
        if (!OperatingSystem.IsLinux() || nint.Size != sizeof(long) || isDebugBuild)
        {
            Assert.Ignore("The tables are those of Linux, 64 bits and a release build.");
        }
    }

    private static List<(string Name, long Bytes, bool IsOurs)> Table(string driver) =>
        [.. RowForm().Matches(Section(driver)).Select(row => (
            row.Groups["name"].Value,
            Bytes(row.Groups["bytes"].Value),
            row.Groups["whose"].Value == "ours"))];

    /// <summary>The part under the heading that names the driver.</summary>
    private static string Section(string driver)
    {
        string page = File.ReadAllText(Path.Combine(Root(), "docs", "memory.md"));
        return Regex.Match(page, $@"(?ms)^## On the {driver} driver$(.*?)(?=^## |\z)").Value;
    }

    private static long Bytes(string text) =>
        long.Parse(text, NumberStyles.AllowThousands, CultureInfo.InvariantCulture);

    private static string Root([CallerFilePath] string path = "")
    {
        string? folder = Path.GetDirectoryName(path);
        while (!File.Exists(Path.Combine(folder!, "Reactor.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder!;
    }

    [GeneratedRegex(
        @"(?m)^\| (frame of )?`(?<name>[^`]+)` \| (?<whose>\w+) \| (?<bytes>[\d,]+) \|")]
    private static partial Regex RowForm();

    [GeneratedRegex(@"(?m)^\| \*\*sum\*\* \|[^|]*\| \*\*(?<bytes>[\d,]+)\*\* \|")]
    private static partial Regex SumRow();
}
