// Write what ReadLine does with the bytes that it receives.
//
// `Feed` is given the bytes of one Receive and returns the lines that are complete now, in order.
// A line ends with CR LF ("\r\n"), which is no part of it. What does not yet end with CR LF is kept
// for the next call. A CR or a LF alone is a character of the line. The text is UTF-8, in which a
// character has one to four bytes.
using System.Text;

public sealed class LineSplitter
{
    public List<string> Feed(byte[] received)
    {
        return [];
    }
}
