using System.Globalization;

namespace Reactor.Bench.Servers;

/// <summary>
/// What finding the servers has in common: it builds programs below <c>artifacts/peers</c>, keeps
/// what can be measured, and notes what cannot, with the reason.
/// </summary>
internal sealed class PeerBuilds
{
    /// <summary>How a program is published: compiled when it runs.</summary>
    public static readonly string[] Jit = ["--use-current-runtime", "--self-contained", "false"];

    /// <summary>The same with native code beside the IL.</summary>
    public static readonly string[] Ready = [.. Jit, "-p:PublishReadyToRun=true"];

    /// <summary>As a native executable.</summary>
    public static readonly string[] Native = ["-p:PublishAot=true"];

    public PeerBuilds(string root, List<string> notes)
    {
        Root = root;
        Notes = notes;
        Folder = Path.Combine(root, "artifacts", "peers");
        Directory.CreateDirectory(Folder);
    }

    /// <summary>The folder of the repository.</summary>
    public string Root { get; }

    /// <summary>Where programs are built.</summary>
    public string Folder { get; }

    public List<string> Notes { get; }

    /// <summary>What can be measured.</summary>
    public List<Peer> Found { get; } = [];

    public static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    public async Task<bool> Build(
        string name, string program, string[] how, CancellationToken stop)
    {
        Progress.Say($"building {name}");
        (bool succeeded, string text) = await Programs.RunAsync(program, how, stop);
        if (!succeeded)
        {
            LeaveOut(name, $"it cannot be built here: {Programs.LastLine(text)}");
        }

        return succeeded;
    }

    /// <summary>Publishes a program of .NET; null, with a note, if that fails.</summary>
    public async Task<string?> Publish(
        string name, string what, string folder, string[] how, CancellationToken stop)
    {
        Progress.Say($"building {name}");
        string output = Path.Combine(Folder, folder);
        (bool succeeded, string text) = await Programs.RunAsync(
            "dotnet",
            [
                "publish", Path.Combine(Root, what), "-c", "Release", "-o", output, "-v", "q",
                "-nologo", .. how,
            ],
            stop);
        if (succeeded)
        {
            return output;
        }

        string reason = text.Split('\n').FirstOrDefault(
            line => line.Contains(": error", StringComparison.Ordinal)) ?? Programs.LastLine(text);
        LeaveOut(name, $"it cannot be built here: {reason.Trim()}");
        return null;
    }

    /// <summary>Why a server does not start, or null.</summary>
    public static async Task<string?> Refusal(Peer peer, CancellationToken stop)
    {
        try
        {
            await using ServerProcess server = await ServerProcess.StartAsync(
                peer, Scenario.KeepAlive, pinned: false, stop);
            return null;
        }
        catch (MeasurementException error)
        {
            return error.Message;
        }
    }

    /// <summary>The path of a program; null, with a note, if it is not installed.</summary>
    public string? Require(string name, string program, string package)
    {
        string? path = Programs.Find(program);
        if (path is null)
        {
            LeaveOut(name, $"install the package {package}");
        }

        return path;
    }

    public void LeaveOut(string name, string reason) =>
        Notes.Add($"{name} is left out: {reason.TrimEnd('.')}.");

    public void Add(
        string key, string name, string version, Func<int, Scenario, Launch> launch) =>
        Found.Add(new Peer(new PeerRecord(key, name, version), launch));
}
