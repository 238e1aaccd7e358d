using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Reactor.Tools.Server;

/// <summary>
/// Refuses to start with too few descriptors. Without enough the runtime cannot load assemblies or
/// start threads: it aborts with a stack trace, or listens and never serves.
/// </summary>
/// <remarks>
/// Uses the core library only, because it must work with a handful of descriptors: no console, no
/// LINQ, nothing of Reactor. With fewer than about 21 the runtime does not start at all.
/// </remarks>
internal static class StartLimits
{
    /// <summary>
    /// Descriptors for one loop: about 80 are in use after the first requests, most by assemblies;
    /// 16 are reserved; 32 are for clients, two for each new thread, and those inherited. With 100
    /// a client was sometimes reset on a busy machine.
    /// </summary>
    private const int DescriptorsMin = 128;

    /// <summary>Poll, wake-up, thread and listener of each further loop.</summary>
    private const int DescriptorsOfLoop = 8;

    /// <summary>False, with a sentence on standard error, if the limit is too low.</summary>
    public static bool AreEnough(int loops)
    {
        long needed = DescriptorsMin + (DescriptorsOfLoop * (loops - 1L));
        if (ReadDescriptorLimit() is not { } limit || limit >= needed)
        {
            return true;
        }

        string ofLoops = loops == 1 ? "" : string.Create(
            CultureInfo.InvariantCulture, $" with {loops} loops");
        Say(string.Create(CultureInfo.InvariantCulture,
            $"reactor: The limit of open files is {limit}, and the server needs {needed}{ofLoops} "
            + $"and one for each connection; raise it, for example with ulimit -n 1024.\n"));
        return false;
    }

    // Not getdtablesize: the first call into libc needs descriptors to find it.
    private static long? ReadDescriptorLimit()
    {
        const string Name = "Max open files";
        try
        {
            foreach (string line in File.ReadAllLines("/proc/self/limits"))
            {
                if (line.StartsWith(Name, StringComparison.Ordinal))
                {
                    string soft = line[Name.Length..].TrimStart();
                    soft = soft[..soft.IndexOf(' ', StringComparison.Ordinal)];
                    return long.TryParse(soft, CultureInfo.InvariantCulture, out long limit)
                        ? limit
                        : null; // unlimited
                }
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Not Linux, or no /proc: the limit is unknown.
        }

        return null;
    }

    // Not the console, which is an assembly of its own.
    private static void Say(string sentence)
    {
        try
        {
            using var handle = new SafeFileHandle(2, ownsHandle: false);
            using var error = new FileStream(handle, FileAccess.Write, bufferSize: 0);
            error.Write(Encoding.UTF8.GetBytes(sentence));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException
            or NotSupportedException)
        {
            // The exit code remains.
        }
    }
}
