using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Reactor.Learn;

/// <summary>
/// One child process. It is started before the code is compiled, because its runtime needs as long
/// to start. Its memory, its output and its time are bounded. One thread.
/// </summary>
internal sealed class JudgeChild : IDisposable
{
    /// <summary>Hexadecimal: 100 MB. An answer that collects without end reaches it soon.</summary>
    private const string HeapLimit = "6400000";

    private const int ErrorCharsMax = 20_000;

    /// <summary>A child that writes more is ended.</summary>
    private const long OutputCharsMax = 64_000_000;

    private static readonly TimeSpan s_exitLimit = TimeSpan.FromMilliseconds(300);

    private readonly Process _process;
    private readonly string _key = $"#{Guid.NewGuid():N} ";
    private readonly StringBuilder _errors = new();
    private readonly Task _errorReader;

    private long _read;

    private JudgeChild(Process process)
    {
        _process = process;
        _errorReader = Task.Run(ReadErrors);
    }

    public static JudgeChild Start()
    {
        string library = typeof(JudgeChild).Assembly.Location;
        string program = Path.ChangeExtension(
            library, OperatingSystem.IsWindows() ? ".exe" : null).TrimEnd('.');
        bool hasProgram = File.Exists(program);
        var start = new ProcessStartInfo(hasProgram ? program : "dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            // A core file, if the system writes any, is not left in the repository.
            WorkingDirectory = Path.GetTempPath(),
            Environment =
            {
                ["DOTNET_GCHeapHardLimit"] = HeapLimit,
                ["DOTNET_DbgEnableMiniDump"] = "0",
                ["DOTNET_TieredCompilation"] = "1",
            },
        };
        foreach (string argument in hasProgram
            ? (string[])[ChildProgram.Verb] : ["exec", library, ChildProgram.Verb])
        {
            start.ArgumentList.Add(argument);
        }

        return new JudgeChild(Process.Start(start)!);
    }

    /// <summary>Gives the child its work.</summary>
    public void Send(CompiledCode code, int from, RunLimits limits)
    {
        var request = new ChildRequest
        {
            Key = _key,
            AssemblyBytes = code.Assembly.Length,
            SymbolsBytes = code.Symbols.Length,
            From = from,
            Schedules = limits.Schedules,
            Seed = limits.Seed,
            LimitMs = (int)limits.Scenario.TotalMilliseconds,
        };
        try
        {
            Stream input = _process.StandardInput.BaseStream;
            input.Write(JsonSerializer.SerializeToUtf8Bytes(
                request, ChildJson.Default.ChildRequest));
            input.WriteByte((byte)'\n');
            input.Write(code.Assembly);
            input.Write(code.Symbols);
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has died; its messages end.
        }
    }

    /// <summary>
    /// The next message; null at the end of the child, which this may bring about.
    /// </summary>
    public ChildMessage? Read()
    {
        while (_process.StandardOutput.ReadLine() is { } line)
        {
            _read += line.Length;
            if (line.StartsWith(_key, StringComparison.Ordinal))
            {
                return JsonSerializer.Deserialize(
                    line.AsSpan(_key.Length), ChildJson.Default.ChildMessage);
            }

            if (_read > OutputCharsMax)
            {
                Kill();
            }
        }

        return null;
    }

    /// <summary>Waits for the end of a child that is done; false if a thread keeps it.</summary>
    public bool EndsByItself()
    {
        bool ended = _process.WaitForExit(s_exitLimit);
        Kill();
        return ended;
    }

    public void Kill()
    {
        try
        {
            _process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has ended.
        }
    }

    /// <summary>How a dead child ended: the line of the outcome, and its last words.</summary>
    public (string Ending, string? Detail) Ending()
    {
        _errorReader.Wait(s_exitLimit);
        string errors;
        lock (_errors)
        {
            errors = _errors.ToString().Trim();
        }

        string first = errors.Split('\n')[0].Trim();
        return first switch
        {
            _ when first.StartsWith("Stack overflow", StringComparison.Ordinal) =>
                (Endings.StackOverflow, null),
            _ when first.StartsWith("Out of memory", StringComparison.Ordinal)
                || first.Contains(nameof(OutOfMemoryException), StringComparison.Ordinal) =>
                (Endings.OutOfMemory, null),
            _ => (Endings.Crashed, first.Length == 0 ? null : first),
        };
    }

    public void Dispose()
    {
        Kill();
        _process.Dispose();
    }

    private void ReadErrors()
    {
        char[] buffer = new char[4096];
        while (_process.StandardError.Read(buffer) is > 0 and int count)
        {
            lock (_errors)
            {
                _errors.Append(buffer, 0, Math.Min(count, ErrorCharsMax - _errors.Length));
            }
        }
    }
}
