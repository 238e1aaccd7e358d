// The table "Who may reference whom" holds for the sources as they are, and the checker that says
// so finds planted violations of each kind.

using Microsoft.CodeAnalysis.CSharp;
using Repository.Tests.Rooms;

namespace Repository.Tests;

[TestFixture]
public sealed class ReferenceTableTests
{
    private const string Loop = "src/Reactor/EventLoop.cs";

    [Test]
    public void Every_room_uses_only_what_the_table_allows()
    {
        CSharpCompilation reactor = HouseCompilations.Reactor;
        CSharpCompilation http = HouseCompilations.Http;
        CSharpCompilation inspector = HouseCompilations.Inspector;
        CSharpCompilation testing = HouseCompilations.Testing;
        CSharpCompilation hosting = HouseCompilations.Hosting;
        CSharpCompilation openApi = HouseCompilations.OpenApi;
        CSharpCompilation loadgen =
            HouseCompilations.Compile("loadgen", "tools/loadgen", reactor, http);
        CSharpCompilation learn =
            HouseCompilations.Compile("learn", "tools/learn", reactor, http, inspector);
        CSharpCompilation analyzers =
            HouseCompilations.Compile("Reactor.Analyzers", "src/Reactor.Analyzers");
        Assert.Multiple(() =>
        {
            Rules.AssertNone(
                new[]
                {
                    reactor, http, inspector, testing, hosting, openApi, loadgen, learn, analyzers,
                }.SelectMany(ReferenceChecker.Check),
                "Who may reference whom (docs/architecture.md)");
            Rules.AssertNone(
                new[] { reactor, http, inspector, testing, hosting, openApi, analyzers }
                    .SelectMany(SourceCompilation.Unresolved),
                "Names that this test cannot follow: add their package to Repository.Tests");
        });
    }

    [Test]
    public void The_page_for_readers_shows_the_same_table()
    {
        string page = File.ReadAllText(RepositoryFiles.FullPath("docs/architecture.md"));
        foreach (Room room in RoomTable.Rooms)
        {
            string uses = room.Uses.Length == 0 ? "nothing of ours" : string.Join(", ", room.Uses);
            Assert.That(page, Does.Contain($"| {room.Name} | {uses} |"));
        }
    }

    [Test]
    public void A_room_may_use_itself_and_what_the_table_allows() => Assert.That(
        Check(
            ("src/Reactor/Timing/TimerQueue.cs", "namespace Reactor; class TimerQueue { int A; }"),
            ("src/Reactor/Timing/Clock.cs", "namespace Reactor; class Clock { TimerQueue? A; }"),
            (Loop, "namespace Reactor; class EventLoop { TimerQueue? A; Clock? B; }")),
        Is.Empty);

    [Test]
    public void A_lower_room_that_uses_a_higher_one_is_found_with_file_use_and_table()
    {
        Finding finding = Check(
            ("src/Reactor/Sync/AsyncLock.cs",
                "namespace Reactor;\nclass AsyncLock { EventLoop? A; }"),
            (Loop, "namespace Reactor; class EventLoop { }")).Single();
        Assert.That(finding.ToString(), Is.EqualTo("src/Reactor/Sync/AsyncLock.cs:2: Sync uses "
            + "EventLoop of EventLoop, the table allows it Coroutines, Scheduling, Timing"));
    }

    [Test]
    public void Net_and_Diagnostics_do_not_know_each_other() => Assert.That(
        Check(
            ("src/Reactor/Net/Buffers/Pool.cs", "namespace R; class Pool { Metrics? A; }"),
            ("src/Reactor/Diagnostics/Metrics.cs",
                "namespace R; class Metrics { Pool? A; }")),
        Has.Exactly(2).Items);

    [Test]
    public void A_use_through_var_an_extension_or_a_target_typed_new_is_a_use()
    {
        const string timing = "src/Reactor/Timing/Due.cs";
        const string loop = """
            namespace R;
            class Timer2 { public EventLoop Owner = null!; public EventLoop? Last; }
            class EventLoop { public void Stop() { } }
            static class Extensions { public static void Go(this string s) { } }
            """;
        Assert.That(Uses("var a = b.Owner;"), Is.EquivalentTo(new[] { "EventLoop" }), "var");
        Assert.That(Uses("\"\".Go();"), Is.EquivalentTo(new[] { "Extensions.Go" }));
        Assert.That(Uses("b.Last = new();"), Does.Contain("EventLoop..ctor"));

        string[] Uses(string statement) => Check(
                (timing, $"namespace R; class Due {{ void A(Timer2 b) {{ {statement} }} }}"),
                (Loop, loop))
            .Select(finding => finding.Message.Split(' ')[2])
            .Where(use => !use.StartsWith("Timer2", StringComparison.Ordinal)).ToArray();
    }

    [Test]
    public void A_name_in_a_comment_a_string_or_documentation_is_no_use() => Assert.That(
        Check(
            ("src/Reactor/Timing/Due.cs",
                "/// <see cref=\"EventLoop\"/>\n"
                    + "class Due { string A = \"EventLoop\"; /* EventLoop */ }"),
            (Loop, "class EventLoop { }")),
        Is.Empty);

    [Test]
    public void A_property_with_the_name_of_a_type_is_no_use() => Assert.That(
        Check(
            ("src/Reactor/Timing/Due.cs", "class Due { int EventLoop; int A() => EventLoop; }"),
            (Loop, "class EventLoop { }")),
        Is.Empty);

    [TestCase("System.Net.Sockets.Socket? a;")]
    [TestCase("System.Net.IPEndPoint? a;")]
    [TestCase("System.Net.IPAddress? a;", false)]
    [TestCase("System.Threading.Tasks.Task? a;")]
    [TestCase("async void A() { }", false)]
    [TestCase("TimeProvider? a;")]
    [TestCase("Microsoft.Extensions.Logging.ILogger? a;")]
    [TestCase("void A(System.IO.Pipelines.PipeReader r) { var a = r.ReadAsync(); }")]
    [TestCase("System.Buffers.ReadOnlySequence<byte> a; System.Span<int> B => [];", false)]
    [TestCase("System.Collections.Generic.List<int>? a; System.Buffers.Text.Base64? b;", false)]
    public void The_protocol_knows_no_socket_task_clock_or_logger(
        string member, bool found = true) => Assert.That(
            Check(("src/Reactor.Http/Protocol/Values/A.cs", $"class A {{ {member} }}")),
            found ? Is.Not.Empty : Is.Empty);

    [TestCase("System.Net", true)]
    [TestCase("System.Net.Sockets", true)]
    [TestCase("System.Threading.Tasks", true)]
    [TestCase("System.Buffers.Binary", false)]
    public void The_protocol_does_not_open_a_foreign_namespace_either(string space, bool found) =>
        Assert.That(
            Check(("src/Reactor.Http/Protocol/Values/A.cs", $"using {space};\nclass A {{ }}")),
            found ? Has.Exactly(1).Items : Is.Empty);

    [Test]
    public void The_protocol_sees_nothing_of_the_loop_though_it_shares_the_outer_namespace()
    {
        CSharpCompilation reactor = SourceCompilation.Compile("Reactor",
            [new(Loop, "namespace Reactor; class EventLoop { }")]);
        CSharpCompilation http = SourceCompilation.Compile("Reactor.Http",
            [new("src/Reactor.Http/Protocol/Values/A.cs",
                "namespace Reactor.Http.Protocol; class A { EventLoop? B; }")], reactor);
        Assert.That(ReferenceChecker.Check(http).Single().Message,
            Is.EqualTo("Protocol/Values uses EventLoop of EventLoop, "
                + "the table allows it no other room; "
                + RulesOfTheOutside(RoomTable.Find("Protocol/Values")!)));
    }

    [Test]
    public void Loadgen_may_use_the_client_and_the_protocol_but_not_the_server()
    {
        Finding[] findings = Check(
            ("src/Reactor.Http/Server/Application.cs", "public class Application { }"),
            ("src/Reactor.Http/Client/ClientSession.cs", "public class ClientSession { }"),
            ("src/Reactor.Http/Protocol/Values/Grammar.cs", "public class Grammar { }"),
            ("tools/loadgen/Load/A.cs",
                "class A { ClientSession? B; Grammar? C; Application? D; }"));
        Assert.That(findings.Single().Message,
            Does.StartWith("loadgen/Load uses Application of Server"));
    }

    [Test]
    public void A_folder_without_a_row_in_the_table_is_found() => Assert.That(
        Check(("src/Reactor/Helpers/A.cs", "class A { }")).Single().Message,
        Does.StartWith("'Helpers' is no room"));

    [TestCase("src/Reactor/EventLoop.cs", "EventLoop")]
    [TestCase("src/Reactor/Loop/RunScope.cs", "EventLoop/Loop")]
    [TestCase("src/Reactor/Net/Streams/StreamReads.cs", "Net/Streams")]
    [TestCase("src/Reactor/Sync/Deep/Deeper/A.cs", "Sync")]
    [TestCase("src/Reactor.Http/Server/HttpServer.cs", "Server")]
    [TestCase("src/Reactor.Http/Server/Exchanges/Exchange.cs", "Server/Exchanges")]
    [TestCase("src/Reactor.Inspector/Server/Guard.cs", "Inspector/Server")]
    [TestCase("src/Reactor.Http.Testing/Kit/TestServer.cs", "Testing/Kit")]
    [TestCase("src/Reactor.Http.OpenApi/SchemaSet.cs", "OpenApi")]
    [TestCase("tools/loadgen/Program.cs", "loadgen")]
    [TestCase("tools/loadgen/Record/Tally.cs", "loadgen/Record")]
    [TestCase("bench/Reactor.Bench/Program.cs", null)]
    public void A_file_belongs_to_the_deepest_room_above_it(string path, string? room) =>
        Assert.That(RoomTable.RoomOf(path), Is.EqualTo(room));

    [Test]
    public void A_room_that_is_allowed_brings_the_rooms_below_it_and_none_beside_it()
    {
        var room = new Room("App", "Server", RoomTable.Reactor);
        Assert.That(room.MayUse("Server/Exchanges"));
        Assert.That(room.MayUse("Net/Streams"));
        Assert.That(room.MayUse("Routing"), Is.False);
        Assert.That(new Room("Net").MayUse("Net/Streams"), "it may use what is below it");
        Assert.That(new Room("Net/Streams", "Net").MayUse("Net"));
        Assert.That(new Room("Net/Streams", "Net").MayUse("Net/Transports"), Is.False);
    }

    [Test]
    public void A_name_that_leads_nowhere_is_found() => Assert.That(
        SourceCompilation.Unresolved(SourceCompilation.Compile("A",
            [new("src/Reactor/A.cs", "class A { Nowhere? B; }")])),
        Has.Exactly(1).Items);

    private static string RulesOfTheOutside(Room room) =>
        $"of the outside only {string.Join(", ", room.OnlyOutside)}; "
        + $"never {string.Join(", ", room.NeverOutside)}";

    private static Finding[] Check(params (string path, string text)[] files) =>
        ReferenceChecker.Check(SourceCompilation.Compile(
            "Planted", files.Select(file => new SourceFile(file.path, file.text)))).ToArray();
}
