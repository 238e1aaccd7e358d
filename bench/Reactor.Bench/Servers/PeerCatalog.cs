// Finds and builds the servers that are measured side by side, in the order of the tables. A server
// that cannot run here is left out, with a note that says what to install.
using System.Globalization;

namespace Reactor.Bench.Servers;

internal sealed class PeerCatalog(string root, string scratch, List<string> notes)
{
    private const string Python = "/usr/bin/python3"; // where Debian's packages can be imported

    // All that `reactor --driver` may offer; a driver that it refuses is left out.
    private static readonly string[] s_drivers = ["epoll", "sockets"];
    private static readonly string[] s_keys =
    [
        "floor", "nginx", .. s_drivers, "kestrel", "hyper", "fasthttp", "node", "uvloop", "asyncio",
    ];

    // How a program is published: compiled when it runs, with native code beside the IL, or as a
    // native executable.
    private static readonly string[] s_jit = ["--use-current-runtime", "--self-contained", "false"];
    private static readonly string[] s_ready = [.. s_jit, "-p:PublishReadyToRun=true"];
    private static readonly string[] s_native = ["-p:PublishAot=true"];

    private readonly List<Peer> _found = [];
    private readonly string _sources = Path.Combine(root, "bench", "peers");
    private readonly string _built = Path.Combine(root, "artifacts", "peers");

    /// <summary>What <c>--only</c> understands.</summary>
    public static IReadOnlyList<string> Keys => s_keys;

    public async Task<List<Peer>> FindAsync(IReadOnlyList<string> only, CancellationToken stop)
    {
        Directory.CreateDirectory(_built);
        bool Wants(string key) => only.Count == 0 || only.Contains(key);
        await AddFloor(Wants("floor"), stop);
        await AddNginx(Wants("nginx"), stop);
        await AddOurs([.. s_drivers.Where(Wants)], stop);
        await AddKestrel(Wants("kestrel"), stop);
        await AddHyper(Wants("hyper"), stop);
        await AddFasthttp(Wants("fasthttp"), stop);
        await AddNode(Wants("node"), stop);
        await AddAiohttp("uvloop", Wants("uvloop"), stop);
        await AddAiohttp("asyncio", Wants("asyncio"), stop);
        return _found;
    }

    private async Task AddFloor(bool wanted, CancellationToken stop)
    {
        if (!wanted || Require("floor", "gcc", "gcc libc6-dev") is not { } compiler)
        {
            return;
        }

        string program = Path.Combine(_built, "floor");
        if (!await Build(
            "floor",
            compiler,
            ["-O2", "-o", program, Path.Combine(_sources, "floor.c")],
            stop))
        {
            return;
        }

        notes.Add("floor is a bare epoll server in C that parses nothing and answers each blank "
            + "line with the same bytes.");
        Add("floor", "floor", "bench/peers/floor.c", (port, scenario) =>
            new Launch(program, Text(port), Text(scenario.BodyBytes)));
    }

    private async Task AddNginx(bool wanted, CancellationToken stop)
    {
        if (!wanted || Require("nginx", "nginx", "nginx-light") is not { } program)
        {
            return;
        }

        string template = await File.ReadAllTextAsync(Path.Combine(_sources, "nginx.conf"), stop);
        notes.Add("nginx answers with constants, the JSON and the echo too.");
        string version = (await Programs.RunAsync(program, ["-v"], stop)).Text;
        Add("nginx", "nginx", version.Split('/')[^1], (port, _) =>
        {
            string file = Path.Combine(scratch, "nginx.conf");
            File.WriteAllText(file, template
                .Replace("PORT", Text(port), StringComparison.Ordinal)
                .Replace("ITEMS", ExampleItems.Text, StringComparison.Ordinal)
                .Replace("ECHO", new string('x', 64), StringComparison.Ordinal));
            return new Launch(program, "-p", scratch, "-c", file);
        });
    }

    private async Task AddOurs(string[] drivers, CancellationToken stop)
    {
        if (drivers.Length == 0)
        {
            return;
        }

        string project = Path.Combine("tools", "server");
        if (await Publish("ours", project, "server", s_jit, stop) is not { } folder)
        {
            return;
        }

        string? native = await Publish("ours, native", project, "server-native", s_native, stop);
        (bool isKnown, string commit) = await Programs.RunAsync(
            "git", ["-C", root, "describe", "--always", "--dirty"], stop);
        foreach (string driver in drivers)
        {
            var about = new PeerRecord(driver, $"ours ({driver})", isKnown ? commit : "–");
            Peer ours = Ours(about, folder, driver);
            if (await Refusal(ours, stop) is { } reason)
            {
                LeaveOut(about.Name, reason);
                continue;
            }

            _found.Add(ours);
            if (native is not null)
            {
                about = about with { Key = $"{driver}-native", Name = $"{about.Name}, native" };
                _found.Add(Ours(about, native, driver) with { IsDotNet = false });
            }
        }
    }

    private static Peer Ours(PeerRecord about, string folder, string driver) => new(
        about,
        (port, _) => new Launch(
            Path.Combine(folder, "reactor"), "--listen", $"http://127.0.0.1:{port}", "--driver",
            driver, "--log-level", "None", "--keep-alive", "3600"))
    {
        IsDotNet = true,
    };

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
            LeaveOut("Kestrel", "install the package aspnetcore-runtime-10.0");
            return;
        }

        string source = Path.Combine("bench", "peers", "kestrel.cs");
        if (await Publish("Kestrel", source, "kestrel", s_jit, stop) is not { } folder)
        {
            return;
        }

        string version = runtime.Split(' ')[1];
        Add("kestrel", "Kestrel", version, (port, _) =>
            new Launch(Path.Combine(folder, "kestrel"), Text(port)));
        _found[^1] = _found[^1] with { IsDotNet = true };
        if (await Publish("Kestrel, ReadyToRun", source, "kestrel-ready", s_ready, stop)
            is { } ready)
        {
            Add("kestrel-ready", "Kestrel, ReadyToRun", version, (port, _) =>
                new Launch(Path.Combine(ready, "kestrel"), Text(port)));
            _found[^1] = _found[^1] with { IsForStartOnly = true };
        }
    }

    private async Task AddHyper(bool wanted, CancellationToken stop)
    {
        const string Crates = "/usr/share/cargo/registry"; // Debian's; nothing is downloaded
        const string Packages = "cargo librust-hyper-dev librust-tokio-dev librust-serde-json-dev";
        if (!wanted || Require("hyper", "cargo", Packages) is not { } cargo)
        {
            return;
        }

        // A copy, because cargo writes its lock file beside the manifest.
        string target = Path.Combine(_built, "hyper");
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
            LeaveOut("hyper", $"install the packages {Packages}");
        }
        else if (await Build("hyper", cargo, how, stop))
        {
            string program = Path.Combine(target, "release", "hyper_peer");
            Add("hyper", "hyper", crate["hyper-".Length..], (port, _) =>
                new Launch(program, Text(port)));
        }
    }

    private async Task AddFasthttp(bool wanted, CancellationToken stop)
    {
        const string Packages = "golang-go golang-github-valyala-fasthttp-dev";
        const string Library = "/usr/share/gocode"; // where Debian keeps Go's packages
        if (!wanted || Require("fasthttp", "go", Packages) is not { } go)
        {
            return;
        }

        if (Found($"{Library}/src/github.com/valyala", "fasthttp") is null)
        {
            LeaveOut("fasthttp", $"install the packages {Packages}");
            return;
        }

        string program = Path.Combine(_built, "fasthttp");
        string[] how =
        [
            "GO111MODULE=off", $"GOPATH={Library}", go, "build", "-o", program,
            Path.Combine(_sources, "fasthttp.go"),
        ];
        if (await Build("fasthttp", "env", how, stop))
        {
            string version = (await Programs.RunAsync(go, ["env", "GOVERSION"], stop)).Text;
            Add("fasthttp", "fasthttp", $"on {version}", (port, _) =>
                new Launch(program, Text(port)));
        }
    }

    private async Task AddNode(bool wanted, CancellationToken stop)
    {
        if (wanted && Require("node", "node", "nodejs") is { } program)
        {
            string version = (await Programs.RunAsync(program, ["--version"], stop)).Text;
            string source = Path.Combine(_sources, "node_app.js");
            Add("node", "node", version, (port, _) => new Launch(program, source, Text(port)));
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
            LeaveOut(name, $"install the packages python3 python3-aiohttp{more}");
            return;
        }

        string source = Path.Combine(_sources, "aiohttp_app.py");
        Add(loop, name, text, (port, _) => new Launch(Python, source, Text(port), loop));
    }

    private static string? Found(string folder, string pattern) =>
        Directory.Exists(folder)
            ? Path.GetFileName(Directory.GetDirectories(folder, pattern).FirstOrDefault())
            : null;

    private async Task<bool> Build(
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

    private async Task<string?> Publish(
        string name, string what, string folder, string[] how, CancellationToken stop)
    {
        Progress.Say($"building {name}");
        string output = Path.Combine(_built, folder);
        (bool succeeded, string text) = await Programs.RunAsync(
            "dotnet",
            [
                "publish", Path.Combine(root, what), "-c", "Release", "-o", output, "-v", "q",
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

    private static async Task<string?> Refusal(Peer peer, CancellationToken stop)
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

    private string? Require(string name, string program, string package)
    {
        string? path = Programs.Find(program);
        if (path is null)
        {
            LeaveOut(name, $"install the package {package}");
        }

        return path;
    }

    private void LeaveOut(string name, string reason) =>
        notes.Add($"{name} is left out: {reason.TrimEnd('.')}.");

    private void Add(
        string key, string name, string version, Func<int, Scenario, Launch> launch) =>
        _found.Add(new Peer(new PeerRecord(key, name, version), launch));

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>The answer to <c>/items</c>, for a server that knows only constants.</summary>
internal static class ExampleItems
{
    public static string Text { get; } = "["
        + string.Join(",", Enumerable.Range(10, 31).Select(id =>
            $$"""{"id":{{id}},"name":"cup","ok":true}"""))
        + "]";
}
