using System.Text;

namespace Reactor.Http;

/// <summary>
/// The part of a client's file name that can be a file in any folder of Linux, macOS and Windows.
/// </summary>
/// <remarks>Pure; any thread.</remarks>
internal static class SafeName
{
    /// <summary>NAME_MAX of Linux, in bytes.</summary>
    private const int BytesMax = 255;

    // Windows: separators of streams, wildcards and the like; also where the server runs elsewhere,
    // because files are copied.
    private const string Reserved = "<>:\"|?*";

    // "com1.txt" is a device too.
    private static readonly HashSet<string> s_devices = new(
        ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$",
         .. from port in (string[])["COM", "LPT"]
            from digit in "0123456789\u00B9\u00B2\u00B3"
            select $"{port}{digit}"],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>The safe name, or null if there is none.</summary>
    public static string? Of(string? fileName)
    {
        if (fileName is null)
        {
            return null;
        }

        string name = fileName[(fileName.LastIndexOfAny(['/', '\\']) + 1)..];
        return name.Length > 0
            && !name.Any(c => char.IsControl(c) || Reserved.Contains(c))
            && name[0] != '.'
            && name[^1] is not ('.' or ' ')
            && Encoding.UTF8.GetByteCount(name) <= BytesMax
            && !s_devices.Contains(name.Split('.', 2)[0].TrimEnd(' '))
            ? name
            : null;
    }
}
