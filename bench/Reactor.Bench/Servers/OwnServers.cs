// Our own servers: `reactor` as it is, native too; as an earlier revision has it; and applications
// that differ in one thing. A server with a counterpart names it, so that a table shows the ratio.
using static Reactor.Bench.Servers.PeerBuilds;

namespace Reactor.Bench.Servers;

internal sealed class OwnServers(PeerBuilds builds)
{
    public const string BeforeKey = "before";
    public const string HeadersKey = "headers";

    /// <summary>The default headers of the second server of `headers`.</summary>
    private const int HeadersMost = 3;

    private static readonly string s_project = Path.Combine("tools", "server");

    /// <summary>
    /// All that `reactor --driver` may offer; a driver that it refuses is left out.
    /// </summary>
    public static IReadOnlyList<string> Drivers { get; } = ["epoll", "sockets"];

    /// <summary>The full name of a commit, tag or branch; null if there is none.</summary>
    public static async Task<string?> FindRevisionAsync(
        string root, string revision, CancellationToken stop)
    {
        (bool isKnown, string commit) = await Programs.RunAsync(
            "git",
            [
                "-C", root, "rev-parse", "--verify", "--quiet", "--end-of-options",
                $"{revision}^{{commit}}",
            ],
            stop);
        return isKnown && revision.Length > 0 ? commit : null;
    }

    /// <summary>Adds the server of this working tree.</summary>
    public async Task AddPresentAsync(string[] drivers, bool hasBefore, CancellationToken stop)
    {
        if (drivers.Length == 0
            || await builds.Publish("ours", s_project, "server", Jit, stop) is not { } folder)
        {
            return;
        }

        string? native = await builds.Publish(
            "ours, native", s_project, "server-native", Native, stop);
        (bool isKnown, string commit) = await Programs.RunAsync(
            "git", ["-C", builds.Root, "describe", "--always", "--dirty"], stop);
        foreach (string driver in drivers)
        {
            var about = new PeerRecord(driver, $"ours ({driver})", isKnown ? commit : "–");
            Peer ours = Ours(
                about with { Base = hasBefore ? KeyBefore(driver) : null }, folder, driver);
            if (await AddUnlessRefusedAsync(ours, stop) && native is not null)
            {
                about = about with { Key = $"{driver}-native", Name = $"{about.Name}, native" };
                builds.Found.Add(Ours(about, native, driver) with { IsDotNet = false });
            }
        }
    }

    /// <summary>
    /// Adds the server of another revision: exported and not checked out, because a worktree would
    /// be left in the repository if this is interrupted.
    /// </summary>
    /// <param name="commit">The full name of the commit.</param>
    /// <param name="drivers">The drivers to serve on.</param>
    /// <param name="stop">Ends the build.</param>
    public async Task AddBeforeAsync(
        string commit, IEnumerable<string> drivers, CancellationToken stop)
    {
        string sources = Path.Combine(builds.Folder, "before-sources");
        string archive = $"{sources}.tar";
        if (Directory.Exists(sources))
        {
            Directory.Delete(sources, recursive: true);
        }

        Directory.CreateDirectory(sources);
        if (!await builds.Build(
                BeforeKey, "git", ["-C", builds.Root, "archive", "-o", archive, commit], stop)
            || !await builds.Build(BeforeKey, "tar", ["-xf", archive, "-C", sources], stop)
            || await builds.Publish(
                BeforeKey, Path.Combine(sources, s_project), "server-before", Jit, stop)
                is not { } folder)
        {
            return;
        }

        File.Delete(archive);
        foreach (string driver in drivers)
        {
            var about = new PeerRecord(KeyBefore(driver), $"before ({driver})", commit[..12]);
            await AddUnlessRefusedAsync(Ours(about, folder, driver), stop);
        }
    }

    /// <summary>Adds two servers of this program: without default headers, and with some.</summary>
    public void AddHeaders()
    {
        builds.Notes.Add("The servers of default headers answer JSON with a constant.");
        string program = Environment.ProcessPath!;
        foreach (int count in (int[])[0, HeadersMost])
        {
            string name = $"ours, {(count == 0 ? "no" : Text(count))} default headers";
            var about = new PeerRecord(KeyOfHeaders(count), name, "on epoll")
            {
                Base = count == 0 ? null : KeyOfHeaders(0),
            };
            builds.Found.Add(new Peer(about, (port, _) => new Launch(
                program, HeadersServer.CommandName, "--port", Text(port), "--headers",
                Text(count)))
            {
                IsDotNet = true,
            });
        }
    }

    private static string KeyBefore(string driver) => $"{BeforeKey}-{driver}";

    private static string KeyOfHeaders(int count) => $"{HeadersKey}-{count}";

    private async Task<bool> AddUnlessRefusedAsync(Peer peer, CancellationToken stop)
    {
        if (await Refusal(peer, stop) is { } reason)
        {
            builds.LeaveOut(peer.Name, reason);
            return false;
        }

        builds.Found.Add(peer);
        return true;
    }

    private static Peer Ours(PeerRecord about, string folder, string driver) => new(
        about,
        (port, _) => new Launch(
            Path.Combine(folder, "reactor"), "--listen", $"http://127.0.0.1:{port}", "--driver",
            driver, "--log-level", "None", "--keep-alive", "3600"))
    {
        IsDotNet = true,
    };
}
