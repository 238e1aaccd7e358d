// Finds and builds the servers that are measured side by side, in the order of the tables. A server
// that cannot run here is left out, with a note that says what to install.
using static Reactor.Bench.Servers.PeerBuilds;

namespace Reactor.Bench.Servers;

internal sealed class PeerCatalog(PeerBuilds builds, string scratch)
{
    private const string Python = "/usr/bin/python3"; // where Debian's packages can be imported

    private static readonly string[] s_keys =
    [
        "floor", "nginx", .. OwnServers.Drivers, OwnServers.BeforeKey, "kestrel", "hyper",
        "fasthttp", "node", "uvloop", "asyncio", OwnServers.HeadersKey,
    ];

    private readonly string _sources = Path.Combine(builds.Root, "bench", "peers");

    /// <summary>What <c>--only</c> understands.</summary>
    public static IReadOnlyList<string> Keys => s_keys;

    /// <summary>Finds and builds what is wanted.</summary>
    /// <param name="only">Keys; empty for all but those that must be asked for.</param>
    /// <param name="before">A revision of this repository to build too, or null.</param>
    /// <param name="stop">Ends the builds.</param>
    public async Task<List<Peer>> FindAsync(
        IReadOnlyList<string> only, string? before, CancellationToken stop)
    {
        bool Wants(string key) => only.Count == 0 || only.Contains(key);
        var own = new OwnServers(builds);
        string[] drivers = [.. OwnServers.Drivers.Where(Wants)];
        await AddFloor(Wants("floor"), stop);
        await AddNginx(Wants("nginx"), stop);
        await own.AddPresentAsync(drivers, before is not null, stop);
        if (before is not null)
        {
            await own.AddBeforeAsync(
                before, drivers.Length > 0 ? drivers : OwnServers.Drivers, stop);
        }

        await AddKestrel(Wants("kestrel"), stop);
        await AddHyper(Wants("hyper"), stop);
        await AddFasthttp(Wants("fasthttp"), stop);
        await AddNode(Wants("node"), stop);
        await AddAiohttp("uvloop", Wants("uvloop"), stop);
        await AddAiohttp("asyncio", Wants("asyncio"), stop);
        if (only.Contains(OwnServers.HeadersKey))
        {
            own.AddHeaders();
        }

        return builds.Found;
    }

    private async Task AddFloor(bool wanted, CancellationToken stop)
    {
        if (!wanted || builds.Require("floor", "gcc", "gcc libc6-dev") is not { } compiler)
        {
            return;
        }

        string program = Path.Combine(builds.Folder, "floor");
        if (!await builds.Build(
            "floor",
            compiler,
            ["-O2", "-o", program, Path.Combine(_sources, "floor.c")],
            stop))
        {
            return;
        }

        builds.Notes.Add("floor is a bare epoll server in C that parses nothing and answers each "
            + "blank line with the same bytes.");
        builds.Add("floor", "floor", "bench/peers/floor.c", (port, scenario) =>
            new Launch(program, Text(port), Text(scenario.BodyBytes)));
    }

    private async Task AddNginx(bool wanted, CancellationToken stop)
    {
        if (!wanted || builds.Require("nginx", "nginx", "nginx-light") is not { } program)
        {
            return;
        }

        string template = await File.ReadAllTextAsync(Path.Combine(_sources, "nginx.conf"), stop);
        builds.Notes.Add("nginx answers with constants, the JSON and the echo too.");
        string version = (await Programs.RunAsync(program, ["-v"], stop)).Text;
        builds.Add("nginx", "nginx", version.Split('/')[^1], (port, _) =>
        {
            string file = Path.Combine(scratch, "nginx.conf");
            File.WriteAllText(file, template
                .Replace("PORT", Text(port), StringComparison.Ordinal)
                .Replace("ITEMS", ExampleItems.Text, StringComparison.Ordinal)
                .Replace("ECHO", new string('x', 64), StringComparison.Ordinal));
            return new Launch(program, "-p", scratch, "-c", file);
        });
    }

    private async Task AddKestrel(bool wanted, CancellationToken stop)
    {
        (_, string runtimes) = await Programs.RunAsync("dotnet", ["--list-runtimes"], stop);
        if (!wanted)
        {
            return;
        }

        string? runtime = runtimes.Split('\n').LastOrDefault(
            line => line.StartsWith("Microsoft.AspNetCore.App 10.", StringComparison.Ordinal));
        if (runtime is null)
        {
            builds.LeaveOut("Kestrel", "install the package aspnetcore-runtime-10.0");
            return;
        }

        string source = Path.Combine("bench", "peers", "kestrel.cs");
        if (await builds.Publish("Kestrel", source, "kestrel", Jit, stop) is not { } folder)
        {
            return;
        }

        string version = runtime.Split(' ')[1];
        builds.Add("kestrel", "Kestrel", version, (port, _) =>
            new Launch(Path.Combine(folder, "kestrel"), Text(port)));
        builds.Found[^1] = builds.Found[^1] with { IsDotNet = true };
        if (await builds.Publish("Kestrel, ReadyToRun", source, "kestrel-ready", Ready, stop)
            is { } ready)
        {
            builds.Add("kestrel-ready", "Kestrel, ReadyToRun", version, (port, _) =>
                new Launch(Path.Combine(ready, "kestrel"), Text(port)));
            builds.Found[^1] = builds.Found[^1] with { IsForStartOnly = true };
        }
    }

    private async Task AddHyper(bool wanted, CancellationToken stop)
    {
        const string Crates = "/usr/share/cargo/registry"; // Debian's; nothing is downloaded
        const string Packages = "cargo librust-hyper-dev librust-tokio-dev librust-serde-json-dev";
        if (!wanted || builds.Require("hyper", "cargo", Packages) is not { } cargo)
        {
            return;
        }

        // A copy, because cargo writes its lock file beside the manifest.
        string target = Path.Combine(builds.Folder, "hyper");
        Directory.CreateDirectory(Path.Combine(target, "src"));
        foreach (string file in (string[])["Cargo.toml", Path.Combine("src", "main.rs")])
        {
            File.Copy(
                Path.Combine(_sources, "hyper", file), Path.Combine(target, file), overwrite: true);
        }

        string[] how =
        [
            "build", "--release", "--offline", "--quiet",
            "--manifest-path", Path.Combine(target, "Cargo.toml"),
            "--target-dir", target,
            "--config", "source.crates-io.replace-with='debian'",
            "--config", $"source.debian.directory='{Crates}'",
        ];
        string? crate = Found(Crates, "hyper-0.14.*");
        if (crate is null)
        {
            builds.LeaveOut("hyper", $"install the packages {Packages}");
        }
        else if (await builds.Build("hyper", cargo, how, stop))
        {
            string program = Path.Combine(target, "release", "hyper_peer");
            builds.Add("hyper", "hyper", crate["hyper-".Length..], (port, _) =>
                new Launch(program, Text(port)));
        }
    }

    private async Task AddFasthttp(bool wanted, CancellationToken stop)
    {
        const string Packages = "golang-go golang-github-valyala-fasthttp-dev";
        const string Library = "/usr/share/gocode"; // where Debian keeps Go's packages
        if (!wanted || builds.Require("fasthttp", "go", Packages) is not { } go)
        {
            return;
        }

        if (Found($"{Library}/src/github.com/valyala", "fasthttp") is null)
        {
            builds.LeaveOut("fasthttp", $"install the packages {Packages}");
            return;
        }

        string program = Path.Combine(builds.Folder, "fasthttp");
        string[] how =
        [
            "GO111MODULE=off", $"GOPATH={Library}", go, "build", "-o", program,
            Path.Combine(_sources, "fasthttp.go"),
        ];
        if (await builds.Build("fasthttp", "env", how, stop))
        {
            string version = (await Programs.RunAsync(go, ["env", "GOVERSION"], stop)).Text;
            builds.Add("fasthttp", "fasthttp", $"on {version}", (port, _) =>
                new Launch(program, Text(port)));
        }
    }

    private async Task AddNode(bool wanted, CancellationToken stop)
    {
        if (wanted && builds.Require("node", "node", "nodejs") is { } program)
        {
            string version = (await Programs.RunAsync(program, ["--version"], stop)).Text;
            string source = Path.Combine(_sources, "node_app.js");
            builds.Add("node", "node", version, (port, _) =>
                new Launch(program, source, Text(port)));
        }
    }

    private async Task AddAiohttp(string loop, bool wanted, CancellationToken stop)
    {
        if (!wanted)
        {
            return;
        }

        string name = $"aiohttp + {loop}";
        string versions = loop == "asyncio"
            ? "import aiohttp, platform; print(aiohttp.__version__, 'on Python', "
                + "platform.python_version())"
            : "import aiohttp, uvloop; print(aiohttp.__version__, 'on uvloop', "
                + "uvloop.__version__)";
        (bool succeeded, string text) = await Programs.RunAsync(Python, ["-c", versions], stop);
        if (!succeeded)
        {
            string more = loop == "asyncio" ? "" : " python3-uvloop";
            builds.LeaveOut(name, $"install the packages python3 python3-aiohttp{more}");
            return;
        }

        string source = Path.Combine(_sources, "aiohttp_app.py");
        builds.Add(loop, name, text, (port, _) => new Launch(Python, source, Text(port), loop));
    }

    private static string? Found(string folder, string pattern) =>
        Directory.Exists(folder)
            ? Path.GetFileName(Directory.GetDirectories(folder, pattern).FirstOrDefault())
            : null;
}

/// <summary>The answer to <c>/items</c>, for a server that knows only constants.</summary>
internal static class ExampleItems
{
    public static string Text { get; } = "["
        + string.Join(",", Enumerable.Range(10, 31).Select(id =>
            $$"""{"id":{{id}},"name":"cup","ok":true}"""))
        + "]";
}
