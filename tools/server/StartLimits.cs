using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Reactor.Tools.Server;

/// <summary>
/// Rejects a descriptor limit that is too low. The runtime would otherwise fail to load assemblies
/// or start threads: it aborts with a stack trace, or listens and never serves.
/// </summary>
/// <remarks>
/// Works with few descriptors, so it uses only the core library: no console, no LINQ, nothing of
/// Reactor. With fewer than about 21 the runtime does not get here.
/// </remarks>
internal static class StartLimits
{
    /// <summary>
    /// Descriptors for one loop, 128: about 80 in use after the first requests, mostly by
    /// assemblies; 16 reserved; 32 for clients, the two of each starting thread, and inherited
    /// ones. With 100, a busy machine sometimes reset a client.
    /// </summary>
    private const int DescriptorsMin = 128;

    /// <summary>For each further loop: its poll, wake-up, thread and listener.</summary>
    private const int DescriptorsOfLoop = 8;

    /// <summary>
    /// Returns false, with a message on standard error, if the limit is too low for the number of
    /// loops.
    /// </summary>
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

    // Not the console, which is a separate assembly.
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
            // Nothing can be written; the exit code remains.
        }
    }
}
