using System.Globalization;

namespace Reactor;

/// <summary>
/// What a worker is told when it is started, in one environment variable: that it is one, and its
/// bounds. A variable and not an argument, because it reaches the program whatever stands between
/// (<c>dotnet app.dll</c>, a shell) and disturbs no parsing of arguments.
/// </summary>
internal readonly record struct WorkerSettings(int MessageBytesMax, TimeSpan ShutdownTimeout)
{
    public const string Variable = "REACTOR_WORKER";

    /// <summary>True in a process that was started as a worker and is not one yet.</summary>
    public static bool AreGiven => Environment.GetEnvironmentVariable(Variable) is not null;

    /// <summary>
    /// Takes the settings out of the environment: what the worker starts itself is no worker.
    /// Null if this process is none.
    /// </summary>
    public static WorkerSettings? Take()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { } text)
        {
            return null;
        }

        Environment.SetEnvironmentVariable(Variable, null);
        string[] parts = text.Split(' ');
        return parts.Length == 2
            && int.TryParse(parts[0], CultureInfo.InvariantCulture, out int bytes)
            && int.TryParse(parts[1], CultureInfo.InvariantCulture, out int timeoutMs)
            ? new WorkerSettings(bytes, TimeSpan.FromMilliseconds(timeoutMs))
            : throw new InvalidOperationException(
                $"{Variable} is '{text}', which no process pool of this version has set: "
                + "start worker and pool from the same build, or unset it.");
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{MessageBytesMax} {Math.Max(1, (long)ShutdownTimeout.TotalMilliseconds)}");
}
