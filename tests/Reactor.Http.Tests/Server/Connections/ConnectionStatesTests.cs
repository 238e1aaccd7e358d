using System.Runtime.CompilerServices;
using System.Text;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// The table of legal moves: that it is whole, and that docs/http-connection.md draws this table
/// and no older one.
/// </summary>
public class ConnectionStatesTests
{
    private const string AcceptVariable = "REACTOR_ACCEPT_DOCS";
    private const string Begin = "<!-- moves: begin -->\n";
    private const string End = "<!-- moves: end -->\n";

    private static ConnectionMove[] Rows => ConnectionStates.Rows.ToArray();

    [Test]
    public void No_state_knows_two_moves_for_one_event() => Assert.That(
        Rows.Select(row => (row.From, row.Event)), Is.Unique);

    [Test]
    public void Every_state_can_be_reached_and_ends_closed()
    {
        HashSet<ConnectionState> reached = [ConnectionState.New];
        for (int before = 0; before < reached.Count;)
        {
            before = reached.Count;
            reached.UnionWith(Rows.Where(row => reached.Contains(row.From)).Select(row => row.To));
            if (before == reached.Count)
            {
                break;
            }
        }

        Assert.That(reached, Is.EquivalentTo(Enum.GetValues<ConnectionState>()));
        Assert.That(
            Rows.Where(row => row.Event == ConnectionEvent.Closed)
                .Select(row => (row.From, row.To)),
            Is.EquivalentTo(Enum.GetValues<ConnectionState>().Select(
                state => (state, ConnectionState.Closed))));
    }

    [Test]
    public void Every_event_moves_something() => Assert.That(
        Rows.Select(row => row.Event).Distinct(),
        Is.EquivalentTo(Enum.GetValues<ConnectionEvent>()));

    [Test]
    public void Nothing_leaves_the_closed_state() => Assert.That(
        Rows.Where(row => row.From == ConnectionState.Closed).Select(row => row.To),
        Is.All.EqualTo(ConnectionState.Closed));

    [Test]
    public void A_move_that_is_not_in_the_table_is_refused_and_changes_nothing()
    {
        foreach (ConnectionState from in Enum.GetValues<ConnectionState>())
        {
            foreach (ConnectionEvent happened in Enum.GetValues<ConnectionEvent>())
            {
                ConnectionState state = from;
                ConnectionMove? row = Array.Find(
                    Rows, one => one.From == from && one.Event == happened);

                Assert.That(
                    (ConnectionStates.TryMove(ref state, happened), state),
                    Is.EqualTo((row is not null, row?.To ?? from)));
            }
        }
    }

    [Test]
    public void A_mistake_of_ours_kills_its_connection_and_nothing_else()
    {
        using var server = new ServerFixture(app => app.OnGet("/", "hi"));
        HttpPeer broken = server.ConnectNow();
        OpenConnection connection = server.Http.Host.Connections.Single();
        HttpPeer other = server.ConnectNow();
        server.Loop.CallSoon(() => connection.OnLate(DeadlineKind.Send)); // it sends nothing
        server.Settle();

        Assert.That((broken.IsReset, server.ConnectionTasks), Is.EqualTo((true, 1)));
        Assert.That(other.Ask(ServerFixture.Get("/")).Text, Is.EqualTo("hi"));
        Assert.That(server.Logged(), Has.Some.Contains("state New and met SendTimeout"));
    }

    [Test]
    public void The_page_draws_this_table()
    {
        string path = Path.Combine(Root(), "docs", "http-connection.md");
        string page = File.ReadAllText(path);
        int begin = page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        int end = page.IndexOf(End, StringComparison.Ordinal);
        string drawn = page[..begin] + Draw() + page[end..];
        if (drawn == page)
        {
            return;
        }

        bool accept = Environment.GetEnvironmentVariable(AcceptVariable) == "1"
            && Environment.GetEnvironmentVariable("CI") != "true";
        if (!accept)
        {
            Assert.Fail(
                "The moves have changed since docs/http-connection.md was drawn: run "
                    + $"{AcceptVariable}=1 dotnet test tests/Reactor.Http.Tests and commit the "
                    + "file.");
        }

        File.WriteAllText(path, drawn);
        Assert.Inconclusive("Drawn; look at it in git diff.");
    }

    private static string Draw()
    {
        var text = new StringBuilder("\n```mermaid\nstateDiagram-v2\n    [*] --> New\n");
        // What ends in every state alike would only hide the rest.
        foreach (ConnectionMove row in Rows.Where(row =>
            row.Event != ConnectionEvent.Closed && row.From != ConnectionState.Closed))
        {
            text.Append($"    {row.From} --> {row.To}: {row.Event}\n");
        }

        text.Append("    Closed --> [*]\n```\n\n");
        text.Append("| state | event | next state | what is done |\n|---|---|---|---|\n");
        foreach (ConnectionMove row in Rows.OrderBy(row => row.From).ThenBy(row => row.Event))
        {
            text.Append($"| {row.From} | {row.Event} | {row.To} | {row.Action} |\n");
        }

        return text.Append('\n').ToString();
    }

    private static string Root([CallerFilePath] string here = "")
    {
        string? folder = Path.GetDirectoryName(here);
        while (folder is not null && !File.Exists(Path.Combine(folder, "Reactor.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException("The repository has no root.");
    }
}
