using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json.Serialization;

namespace Reactor.TestWorker;

/// <summary>
/// What the worker of the tests can do; the tests name these jobs too. A job that must be held
/// connects to a port of the test, says its process number, and waits for a byte: so the test knows
/// when it runs and decides when it ends.
/// </summary>
public static class WorkerJobs
{
    public static readonly ProcessJobs All = new();

    public static readonly ProcessJob<int, int> Square = All.Add(
        "square", static (int x) => x * x, TestJson.Default.Int32, TestJson.Default.Int32);

    /// <summary>The number of its process.</summary>
    public static readonly ProcessJob<int, int> Pid = All.Add(
        "pid", static (int _) => Environment.ProcessId,
        TestJson.Default.Int32, TestJson.Default.Int32);

    /// <summary>Waits at the test's gate; the byte it got.</summary>
    public static readonly ProcessJob<int, int> WaitAtGate = All.Add(
        "wait-at-gate", WaitAt, TestJson.Default.Int32, TestJson.Default.Int32);

    /// <summary>Shows itself at the gate and computes for ever.</summary>
    public static readonly ProcessJob<int, int> Spin = All.Add(
        "spin", SpinAt, TestJson.Default.Int32, TestJson.Default.Int32);

    public static readonly ProcessJob<Order, Order> Echo = All.Add(
        "echo", static (Order order) => order, TestJson.Default.Order, TestJson.Default.Order);

    /// <summary>A text of so many bytes of JSON, the two quotes included.</summary>
    public static readonly ProcessJob<int, string> Text = All.Add(
        "text", static (int bytes) => new string('x', bytes - 2),
        TestJson.Default.Int32, TestJson.Default.String);

    public static readonly ProcessJob<string, int> Length = All.Add(
        "length", static (string text) => text.Length,
        TestJson.Default.String, TestJson.Default.Int32);

    public static readonly ProcessJob<string, int> Throw = All.Add<string, int>(
        "throw", static message => throw new FormatException(message),
        TestJson.Default.String, TestJson.Default.Int32);

    /// <summary>Throws what throws again when it is asked for its message.</summary>
    public static readonly ProcessJob<int, int> ThrowWithoutMessage = All.Add<int, int>(
        "throw-without-message", static _ => throw new WithoutMessageException(),
        TestJson.Default.Int32, TestJson.Default.Int32);

    public static readonly ProcessJob<int, int> Exit = All.Add(
        "exit", ExitWith, TestJson.Default.Int32, TestJson.Default.Int32);

    /// <summary>Writes where a worker must not be disturbed, in three ways.</summary>
    public static readonly ProcessJob<string, string> Print = All.Add(
        "print", PrintEverywhere, TestJson.Default.String, TestJson.Default.String);

    /// <summary>
    /// Leaves a thread that keeps the process from ending; its process number. Shows itself at the
    /// gate, unless that is 0.
    /// </summary>
    public static readonly ProcessJob<int, int> LeaveThread = All.Add(
        "leave-thread", LeaveThreadBehind, TestJson.Default.Int32, TestJson.Default.Int32);

    /// <summary>Starts a program that outlives the worker; its process number.</summary>
    public static readonly ProcessJob<int, int> LeaveProgram = All.Add(
        "leave-program", LeaveProgramBehind, TestJson.Default.Int32, TestJson.Default.Int32);

    private static int WaitAt(int port)
    {
        using TcpClient gate = Show(port);
        return gate.GetStream().ReadByte();
    }

    private static int SpinAt(int port)
    {
        using TcpClient gate = Show(port);
        for (long i = 0; ; i++)
        {
            if (i < 0)
            {
                return 0;
            }
        }
    }

    private static TcpClient Show(int port)
    {
        var gate = new TcpClient("127.0.0.1", port);
        gate.GetStream().Write(BitConverter.GetBytes(Environment.ProcessId));
        return gate;
    }

    private static int ExitWith(int code)
    {
        Environment.Exit(code);
        return code;
    }

    private static string PrintEverywhere(string text)
    {
        Console.WriteLine(text);
        using (Stream output = Console.OpenStandardOutput())
        {
            output.Write("raw\n"u8);
        }

        using Process echo = Process.Start("echo", ["child"]);
        echo.WaitForExit();
        return text + (Console.In.ReadLine() ?? " and no input");
    }

    private static int LeaveThreadBehind(int port)
    {
        TcpClient? gate = port == 0 ? null : Show(port);
        new Thread(() =>
        {
            new ManualResetEventSlim().Wait();
            gate?.Dispose();
        }).Start();
        return Environment.ProcessId;
    }

    private static int LeaveProgramBehind(int seconds)
    {
        using Process sleep = Process.Start("sleep", [$"{seconds}"]);
        return sleep.Id;
    }
}

/// <summary>An argument with parts; an unwritable one refers to itself.</summary>
public sealed record Order(string Name, int[] Numbers)
{
    public Order? Next { get; set; }
}

internal sealed class WithoutMessageException : Exception
{
    public override string Message => throw new FormatException();
}

[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(Order))]
internal sealed partial class TestJson : JsonSerializerContext;
