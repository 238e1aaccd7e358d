using System.Net.Sockets;
using System.Reflection;
using System.Runtime.InteropServices;
using Reactor.Drivers;

namespace Reactor.Tests.Drivers;

/// <summary>
/// Both drivers of the kernel give an errno the same name: the runtime's table is asked for each.
/// </summary>
[Platform("Linux")]
public sealed class ErrnoTests
{
    private const int ErrnoMax = 133;

    /// <summary>
    /// Those for which the runtime has no name; the sockets driver asks the kernel again for it.
    /// </summary>
    private static readonly Dictionary<int, SocketError> s_ours = new()
    {
        [12] = SocketError.NoBufferSpaceAvailable, // ENOMEM
        [30] = SocketError.AccessDenied, // EROFS
        [64] = SocketError.ConnectionAborted, // ENONET
        [71] = SocketError.ConnectionAborted, // EPROTO
    };

    public static IEnumerable<int> All => Enumerable.Range(1, ErrnoMax);

    [Test]
    public void An_errno_has_the_name_that_the_runtime_gives_it(
        [ValueSource(nameof(All))] int errno)
    {
        SocketError runtimes = NameOfTheRuntime(errno);
        if (s_ours.TryGetValue(errno, out SocketError ours))
        {
            Assert.That(runtimes, Is.EqualTo(SocketError.SocketError), "it has one now: take it");
        }

        Assert.That(
            Errno.ToSocketError(errno),
            Is.EqualTo(s_ours.ContainsKey(errno) ? ours : runtimes));
    }

    // The table is internal to the runtime; there is no public way from an errno to a name.
    private static SocketError NameOfTheRuntime(int errno)
    {
        MethodInfo toName = typeof(Socket).Assembly
            .GetType("System.Net.Sockets.SocketErrorPal", throwOnError: true)!
            .GetMethod(
                "GetSocketErrorForNativeError", BindingFlags.Static | BindingFlags.NonPublic)!;
        object error = Enum.ToObject(toName.GetParameters()[0].ParameterType, ToPal(errno));
        return (SocketError)toName.Invoke(null, [error])!;
    }

    [DllImport("libSystem.Native", EntryPoint = "SystemNative_ConvertErrorPlatformToPal")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int ToPal(int errno);
}
