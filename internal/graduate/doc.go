// Package graduate takes in a class of graduates by the school's list of 毕业去向登记
// (12): the list is imported, packets are matched to it by 转递编号 or mail number and
// are in custody from that moment, unclaimed until the person comes. Nothing goes back
// because nobody applied: the room has no act for it.
//
// What does not belong here: shelving (custody), sending a dossier on (transfer).
package graduate
