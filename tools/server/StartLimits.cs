using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Reactor.Tools.Server;

/// <summary>
/// Refuses to start with fewer descriptors than the process needs. With too few the runtime cannot
/// load its assemblies or start a thread: it aborts with a stack trace, or listens and never
/// serves.
/// </summary>
/// <remarks>
/// It must work with a handful of descriptors, so it uses the core library only: no console, no
/// LINQ, nothing of Reactor. With fewer than about 21 the runtime does not come as far as here.
/// </remarks>
internal static class StartLimits
{
    /// <summary>
    /// Descriptors for one loop, 128: about 80 are in use after the first requests, most of them by
    /// assemblies, 16 are kept free of clients, and 32 are for clients, for the two of each thread
    /// that begins, and for what the process has inherited. With 100 a client was reset now and
    /// then on a busy machine.
    /// </summary>
    private const int DescriptorsMin = 128;

    /// <summary>
    /// What each further loop needs: its poll, its wake-up, its thread and its listener.
    /// </summary>
    private const int DescriptorsOfLoop = 8;

    /// <summary>
    /// False if the limit is too low for so many loops; standard error says so then.
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

    // Not getdtablesize: the first call into libc searches for it, with descriptors.
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
            // Not Linux, or no /proc: then nothing is known.
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
            // There is nowhere to say it; the exit code does.
        }
    }
}
