using Reactor.Testing;

namespace Server.Tests;

/// <summary>
/// The native executables that the command of the README makes: one file each, which needs no
/// runtime and little memory. How long a start takes is measured by bench/run: here it would tell
/// of the machine's other work.
/// </summary>
[Category("Slow")]
[Platform("Linux")]
[NonParallelizable]
[Category("Measured")]
public sealed class PublishedBinaryTests
{
    private const int Connections = 64;

    /// <summary>
    /// Resident KiB after the first response; 12.0 to 12.2 MiB when this was written, of which the
    /// inspector, the pictures and the replay need 2.6: their code and data are in the same file.
    /// The kernel maps between 8.5 and 8.8 MiB of it.
    /// </summary>
    private const int StartKibMax = 12_800;

    /// <summary>Resident KiB under load; 14 MiB when this was written.</summary>
    private const int LoadKibMax = 20 * 1024;

    [TestCase("README.md", "out", "server")]
    [TestCase("README.md", "out", "loadgen")]
    [TestCase("README.zh-CN.md", "out", "server")]
    [TestCase(".ci/run", "\"$native\"", "server")]
    [TestCase(".ci/run", "\"$native\"", "loadgen")]
    public void What_is_tested_is_what_the_readme_publishes(string page, string output, string tool)
    {
        string command = $"dotnet publish tools/{tool} -c Release -p:PublishAot=true -o {output}";

        Assert.That(File.ReadAllLines(Path.Combine(Root, page)).Select(line => line.Trim()),
            Has.Some.EqualTo(command));
    }

    [TestCase("server", "reactor")]
    [TestCase("loadgen", "loadgen")]
    public void A_native_program_is_one_file(string project, string program)
    {
        BuiltPrograms.RequireNative();
        string path = BuiltPrograms.Find(project, program);

        Assert.That(
            Directory.GetFiles(Path.GetDirectoryName(path)!).Select(Path.GetFileName),
            Is.EquivalentTo(["reactor", "loadgen"]));
        using FileStream file = File.OpenRead(path);
        byte[] magic = new byte[4];
        file.ReadExactly(magic);
        Assert.That(magic, Is.EqualTo(new byte[] { 0x7F, (byte)'E', (byte)'L', (byte)'F' }));
    }

    [TestCase("epoll")]
    [TestCase("sockets")]
    public void A_native_server_needs_12_5_MiB_at_the_start_and_20_under_load(string driver)
    {
        BuiltPrograms.RequireNative();
        using var server = ServerProcess.Start("--driver", driver, "--log-level", "Warning");
        Assert.That(server.IsServing());
        long atStart = server.StatusKib("VmRSS");

        Load(server.Port);
        long underLoad = server.StatusKib("VmHWM");
        TestContext.Out.WriteLine($"{atStart} KiB, then {underLoad} KiB");
        Assert.That(atStart, Is.LessThanOrEqualTo(StartKibMax));
        Assert.That(underLoad, Is.LessThanOrEqualTo(LoadKibMax));
    }

    private static void Load(int port) => Assert.That(
        ChildProcess.Run(
            BuiltPrograms.Find("loadgen", "loadgen"),
            "-c", $"{Connections}", "-d", "3s", "--quiet", $"http://127.0.0.1:{port}/plaintext"),
        Has.Property(nameof(ChildOutcome.ExitCode)).Zero);

    private static string Root
    {
        get
        {
            DirectoryInfo? folder = new(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(folder!.FullName, "Reactor.sln")))
            {
                folder = folder.Parent;
            }

            return folder.FullName;
        }
    }
}
