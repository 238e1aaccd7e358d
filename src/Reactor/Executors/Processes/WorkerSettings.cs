using System.Globalization;

namespace Reactor;

/// <summary>
/// The settings of a worker, in one environment variable, which passes through <c>dotnet
/// app.dll</c> or a shell and does not affect argument parsing.
/// </summary>
internal readonly record struct WorkerSettings(int MessageBytesMax, TimeSpan ShutdownTimeout)
{
    public const string Variable = "REACTOR_WORKER";

    /// <summary>True in a worker before <see cref="Take"/>.</summary>
    public static bool AreGiven => Environment.GetEnvironmentVariable(Variable) is not null;

    /// <summary>
    /// Removes the settings from the environment, so that child processes are not workers; null in
    /// a process that is none.
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
