#!/usr/bin/env dotnet
// Starts the runner of the course: `dotnet run lessons/learn.cs -- check 07`. Builds it first if
// paths, times or sizes of its files are not those of the last build, or if that build failed.
// Rejected: `dotnet run --project tools/learn`, which needs 2 s to find that nothing has changed.
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

string root = Path.GetFullPath(Path.Combine(Folder(), ".."));
string program = Path.Combine(root, "artifacts", "bin", "learn", "release", "learn.dll");
string record = Path.Combine(root, "artifacts", "learn.built-from");
string inputs = Inputs();
if (!File.Exists(program) || !File.Exists(record) || File.ReadAllText(record) != inputs)
{
    Console.Error.WriteLine("learn: the runner of the course is being built.");
    Process build = Start(
        isSilent: true, "build", Path.Combine(root, "tools", "learn"), "-c", "Release", "--nologo");
    string messages = build.StandardOutput.ReadToEnd();
    build.WaitForExit();
    if (build.ExitCode != 0)
    {
        Console.Error.WriteLine($"{messages}learn: the build has failed, so nothing was run.");
        return 3;
    }

    File.WriteAllText(record, inputs);
}

// Ctrl+C reaches both processes of the terminal, and the runner decides when to end.
using var interrupt = PosixSignalRegistration.Create(
    PosixSignal.SIGINT, signal => signal.Cancel = true);
Process runner = Start(isSilent: false, [program, .. args]);
runner.WaitForExit();
return runner.ExitCode;

string Inputs()
{
    IEnumerable<FileInfo> files = new[] { "src", "tools/learn" }
        .SelectMany(folder => new DirectoryInfo(Path.Combine(root, folder))
            .EnumerateFiles("*", SearchOption.AllDirectories))
        .Concat(new DirectoryInfo(root).EnumerateFiles("*.props"))
        .Concat(new DirectoryInfo(root).EnumerateFiles("*.targets"))
        .Append(new FileInfo(Path.Combine(root, ".editorconfig")))
        .Append(new FileInfo(Path.Combine(root, "global.json")))
        .Append(new FileInfo(Path.Combine(root, "lessons", "exercises", "Scenario.cs")));
    IEnumerable<string> lines = files
        .Select(file => $"{file.FullName} {file.LastWriteTimeUtc.Ticks} {file.Length}")
        .Order(StringComparer.Ordinal);
    byte[] text = Encoding.UTF8.GetBytes(string.Join('\n', lines));
    return Convert.ToHexString(SHA256.HashData(text));
}

Process Start(bool isSilent, params string[] arguments)
{
    var start = new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = isSilent };
    // What `dotnet run` sets for this process would steer the build.
    foreach (string name in start.Environment.Keys.ToArray())
    {
        if (name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase))
        {
            start.Environment.Remove(name);
        }
    }

    Process process = Process.Start(start)!;
    AppDomain.CurrentDomain.ProcessExit += (_, _) => process.Kill(); // does nothing if it has ended
    return process;
}

static string Folder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
